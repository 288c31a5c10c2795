package state

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Token is the right of a program to send data: these datasets, for these entities,
// under these names of sources.
type Token struct {
	ID       string // public part, eight hexadecimal digits
	Name     string
	Datasets []string
	Entities []string
	Sources  []string // the first is the default
	Created  time.Time
	Expires  time.Time // the first moment at which it does not hold; zero: never
	LastUsed time.Time // to the minute; zero: never
	Revoked  time.Time // zero: in force
}

// What keeps a token from being used. All of them look alike from outside.
var (
	ErrUnknownToken = errors.New("no such token")
	ErrExpiredToken = errors.New("the token has expired")
	ErrRevokedToken = errors.New("the token has been revoked")
	ErrTokenExists  = errors.New("a token of that name is in force")
)

const (
	tokenPrefix = "encours_"
	idBytes     = 4
	secretBytes = 32
	moment      = time.RFC3339
)

// AddToken makes a token and returns its text, which cannot be had again. The name
// must not be that of a token in force: ErrTokenExists.
func (s *Store) AddToken(ctx context.Context, t Token) (text string, err error) {
	raw := make([]byte, idBytes+secretBytes)
	_, _ = rand.Read(raw) // never fails, by its contract
	t.ID = hex.EncodeToString(raw[:idBytes])
	text = tokenPrefix + t.ID + "_" + base64.RawURLEncoding.EncodeToString(raw[idBytes:])
	digest := sha256.Sum256([]byte(text))
	var taken int
	if err := s.db.QueryRowContext(ctx, "select count(*) from tokens where name = ? and revoked_at is null", t.Name).Scan(&taken); err != nil {
		return "", fmt.Errorf("add token %q: %w", t.Name, err)
	}
	if taken > 0 {
		return "", fmt.Errorf("add token %q: %w", t.Name, ErrTokenExists)
	}
	_, err = s.db.ExecContext(ctx, `insert into tokens (id, name, digest, datasets, entities, sources, created_at, expires_at)
		values (?, ?, ?, ?, ?, ?, ?, ?)`,
		t.ID, t.Name, digest[:], join(t.Datasets), join(t.Entities), join(t.Sources), orNull(t.Created), orNull(t.Expires))
	if err != nil {
		return "", fmt.Errorf("add token %q: %w", t.Name, err)
	}
	return text, nil
}

// CheckToken returns the token of a text, or one of ErrUnknownToken,
// ErrExpiredToken and ErrRevokedToken. It notes the use, once a minute at most.
func (s *Store) CheckToken(ctx context.Context, text string, now time.Time) (Token, error) {
	given := sha256.Sum256([]byte(text))
	rest, _ := strings.CutPrefix(text, tokenPrefix)
	id, _, _ := strings.Cut(rest, "_")
	t, digest, err := scanToken(s.db.QueryRowContext(ctx, selectTokens+" where id = ?", id))
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Token{}, fmt.Errorf("check token: %w", err)
	}
	// an unknown token takes the same way: its digest is empty
	digest = append(digest, make([]byte, sha256.Size)...)[:sha256.Size]
	same := subtle.ConstantTimeCompare(given[:], digest) == 1
	switch {
	case !same || err != nil:
		return Token{}, ErrUnknownToken
	case !t.Revoked.IsZero():
		return Token{}, ErrRevokedToken
	case !t.Expires.IsZero() && !now.Before(t.Expires):
		return Token{}, ErrExpiredToken
	}
	if now.Sub(t.LastUsed) < time.Minute {
		return t, nil
	}
	if _, err := s.db.ExecContext(ctx, "update tokens set last_used_at = ? where id = ?", orNull(now), t.ID); err != nil {
		return Token{}, fmt.Errorf("note use of token %q: %w", t.Name, err)
	}
	return t, nil
}

// RevokeToken ends the token of that name that is in force, from now on, or
// returns ErrUnknownToken.
func (s *Store) RevokeToken(ctx context.Context, name string, now time.Time) error {
	result, err := s.db.ExecContext(ctx, "update tokens set revoked_at = ? where name = ? and revoked_at is null", orNull(now), name)
	if err != nil {
		return fmt.Errorf("revoke token %q: %w", name, err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(fmt.Errorf("revoke token %q: %w", name, ErrUnknownToken), err)
	}
	return nil
}

// Tokens lists every token that there ever was, the oldest first.
func (s *Store) Tokens(ctx context.Context) (tokens []Token, err error) {
	rows, err := s.db.QueryContext(ctx, selectTokens+" order by created_at, rowid")
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		t, _, err := scanToken(rows)
		if err != nil {
			return nil, fmt.Errorf("list tokens: %w", err)
		}
		tokens = append(tokens, t)
	}
	return tokens, rows.Err()
}

const selectTokens = `select id, name, digest, datasets, entities, sources, created_at, expires_at, last_used_at, revoked_at from tokens`

func scanToken(row interface{ Scan(...any) error }) (t Token, digest []byte, err error) {
	var datasets, entities, sources, created string
	var expires, used, revoked sql.NullString
	if err := row.Scan(&t.ID, &t.Name, &digest, &datasets, &entities, &sources, &created, &expires, &used, &revoked); err != nil {
		return Token{}, nil, err
	}
	t.Datasets, t.Entities, t.Sources = strings.Split(datasets, ","), strings.Split(entities, ","), strings.Split(sources, ",")
	for _, field := range []struct {
		text string
		into *time.Time
	}{{created, &t.Created}, {expires.String, &t.Expires}, {used.String, &t.LastUsed}, {revoked.String, &t.Revoked}} {
		if field.text == "" {
			continue
		}
		if *field.into, err = time.Parse(moment, field.text); err != nil {
			return Token{}, nil, fmt.Errorf("token %q: %w", t.Name, err)
		}
	}
	return t, digest, nil
}

func join(words []string) string { return strings.Join(slices.Compact(slices.Clone(words)), ",") }

func orNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(moment)
}
