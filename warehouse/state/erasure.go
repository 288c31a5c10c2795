package state

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"
)

// erasuresTable is the log of the persons who were erased. Of the person it keeps a
// digest of the code, to know the code again in a later extract.
const erasuresTable = `
create table erasures (
    id integer primary key autoincrement,
    erased_at text not null,
    erased_by text not null,
    reason text not null,
    entity_id text not null,
    pseudonym text not null unique,
    salt text not null,
    code_digest text not null,
    done text not null
) strict;`

// Erasure is an entry of the log. Done says in words what was changed.
type Erasure struct {
	ID                            int64
	At                            time.Time
	By, Reason, Entity, Pseudonym string
	Salt, CodeDigest, Done        string
}

// NewPseudonym returns a code that tells nothing, and a salt.
func NewPseudonym() (pseudonym, salt string) {
	random := make([]byte, 22)
	_, _ = rand.Read(random) // it never fails
	return "ERASED-" + strings.ToUpper(hex.EncodeToString(random[:6])), hex.EncodeToString(random[6:])
}

// AddErasure writes an entry into the log.
func (s *Store) AddErasure(ctx context.Context, e Erasure) error {
	_, err := s.db.ExecContext(ctx, `insert into erasures (erased_at, erased_by, reason, entity_id, pseudonym, salt, code_digest, done)
		values (?, ?, ?, ?, ?, ?, ?, ?)`, e.At.UTC().Format(moment), e.By, e.Reason, e.Entity, e.Pseudonym, e.Salt, e.CodeDigest, e.Done)
	if err != nil {
		return fmt.Errorf("log the erasure: %w", err)
	}
	return nil
}

// ErasureBegun is what is done while an erasure is under way.
const ErasureBegun = "begun"

// SetErasureDone says what an erasure has changed, beside what it changed before.
func (s *Store) SetErasureDone(ctx context.Context, pseudonym, done string) error {
	if _, err := s.db.ExecContext(ctx, `update erasures set done = case when done = ? then ? else done || '; again: ' || ? end where pseudonym = ?`,
		ErasureBegun, done, done, pseudonym); err != nil {
		return fmt.Errorf("log the erasure: %w", err)
	}
	return nil
}

// Erasures lists the log, the oldest first.
func (s *Store) Erasures(ctx context.Context) (list []Erasure, err error) {
	rows, err := s.db.QueryContext(ctx, "select id, erased_at, erased_by, reason, entity_id, pseudonym, salt, code_digest, done from erasures order by id")
	if err != nil {
		return nil, fmt.Errorf("list erasures: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var e Erasure
		var at string
		if err := rows.Scan(&e.ID, &at, &e.By, &e.Reason, &e.Entity, &e.Pseudonym, &e.Salt, &e.CodeDigest, &e.Done); err != nil {
			return nil, fmt.Errorf("list erasures: %w", err)
		}
		if e.At, err = time.Parse(moment, at); err != nil {
			return nil, fmt.Errorf("list erasures: %w", err)
		}
		list = append(list, e)
	}
	return list, rows.Err()
}

// Forget takes a person out of every table but the log: where a column is the code it
// becomes the pseudonym, also inside JSON; names become the word erased. It returns
// how many rows were changed. What is evidence stays: only who it is about goes.
func (s *Store) Forget(ctx context.Context, entity, code, pseudonym string, names []string) (changed int64, err error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return 0, fmt.Errorf("erase from the state: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("erase from the state: %w", err), tx.Rollback())
		}
	}()
	triggers, err := texts(ctx, tx, "select sql from sqlite_master where type = 'trigger' order by name")
	if err != nil {
		return 0, err
	}
	named, err := texts(ctx, tx, "select name from sqlite_master where type = 'trigger' order by name")
	if err != nil {
		return 0, err
	}
	for _, name := range named {
		if _, err := tx.ExecContext(ctx, "drop trigger "+quoted(name)); err != nil {
			return 0, err
		}
	}
	tables, err := texts(ctx, tx, "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not in ('erasures', 'tokens') order by name")
	if err != nil {
		return 0, err
	}
	for _, table := range tables {
		columns, err := texts(ctx, tx, "select name from pragma_table_info("+"'"+strings.ReplaceAll(table, "'", "''")+"') where type = 'TEXT' order by cid")
		if err != nil {
			return 0, err
		}
		rows, err := forgetIn(ctx, tx, table, columns, entity, code, pseudonym, names)
		if err != nil {
			return 0, err
		}
		changed += rows
	}
	evidence, err := forgetEvidence(ctx, tx, entity, pseudonym)
	if err != nil {
		return 0, err
	}
	changed += evidence
	for _, trigger := range triggers {
		if _, err := tx.ExecContext(ctx, trigger); err != nil {
			return 0, err
		}
	}
	if err := tx.Commit(); err != nil {
		return 0, err
	}
	// what was overwritten is still in free pages until they go
	_, err = s.db.ExecContext(ctx, "vacuum")
	if err == nil {
		_, err = s.db.ExecContext(ctx, "pragma wal_checkpoint(truncate)")
	}
	return changed, err
}

// forgetEvidence empties what only describes the person: the values that somebody set,
// by which company it was identified, and by what it would be found again.
func forgetEvidence(ctx context.Context, tx *sql.Tx, entity, pseudonym string) (changed int64, err error) {
	for _, statement := range []string{
		"update attribute_overrides set value = null, note = '' where entity_id = ? and counterparty_id = ? and value is not null",
		`update review_decisions set name_key = '', postal_code = '', candidate_id = '(erased)', note = ''
			where entity_id = ? and subject_id = ? and candidate_id <> '(erased)'`,
	} {
		result, err := tx.ExecContext(ctx, statement, entity, pseudonym)
		if err != nil {
			return 0, err
		}
		rows, err := result.RowsAffected()
		if err != nil {
			return 0, err
		}
		changed += rows
	}
	return changed, nil
}

// forgetIn changes the rows of one table; those of another entity keep the code.
func forgetIn(ctx context.Context, tx *sql.Tx, table string, columns []string, entity, code, pseudonym string, names []string) (int64, error) {
	own := "1"
	for _, column := range columns {
		if column == "entity" || column == "entity_id" {
			own = quoted(column) + " = ?1"
		}
	}
	var sets, wheres []string
	args := []any{entity, code, pseudonym, `"` + code + `"`, `"` + pseudonym + `"`}
	for _, column := range columns {
		name := quoted(column)
		text := "case when " + own + " then case when " + name + " = ?2 then ?3 else replace(" + name + ", ?4, ?5) end else " + name + " end"
		where := own + " and (" + name + " = ?2 or instr(" + name + ", ?4))"
		for i, word := range names {
			if i+6 > len(args) {
				args = append(args, word)
			}
			text = fmt.Sprintf("replace(%s, ?%d, '(erased)')", text, i+6)
			where += fmt.Sprintf(" or instr(%s, ?%d)", name, i+6)
		}
		sets, wheres = append(sets, name+" = "+text), append(wheres, "("+where+")")
	}
	if len(sets) == 0 {
		return 0, nil
	}
	result, err := tx.ExecContext(ctx, "update "+quoted(table)+" set "+strings.Join(sets, ", ")+" where "+strings.Join(wheres, " or "), args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func texts(ctx context.Context, tx *sql.Tx, query string) (list []string, err error) {
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		list = append(list, text)
	}
	return list, rows.Err()
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
