package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/privacy"
	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/session"
	"github.com/encours/encours/warehouse/state"
)

func (a *app) eraseCommand() *cobra.Command {
	var entity, customer, by, reason string
	var dry, list, due bool
	cmd := &cobra.Command{
		Use:   "erase --customer CODE --by NAME --reason TEXT",
		Short: "Erase a natural person from the landing zone, the state and every later generation",
		Long: `Takes a customer who is a natural person out of everything that the data folder
keeps. Its code becomes a pseudonym; name, address and contacts go; its name goes
from the texts of its entries. Amounts, dates and documents stay, so that the
ledger is still proved to the cent. A new generation is built at once and the
earlier ones are removed. Where the person comes again in a later extract, it is
erased again before the next build. The log keeps who erased whom by pseudonym,
when, why and what was changed, and cannot tell the code.

The extracts themselves are yours to delete: they are named at the end.`,
		Example: `  encours erase --entity ALPHA --customer C0042 --by "J. Martin" --reason "request of 3 March" --dry-run
  encours erase --entity ALPHA --customer C0042 --by "J. Martin" --reason "request of 3 March"
  encours erase --due
  encours erase --list`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := a.load()
			if err != nil {
				return err
			}
			switch {
			case list:
				return a.listErasures(cmd.Context(), p)
			case due:
				return a.listDue(cmd.Context(), p)
			}
			if entity == "" && len(p.Entities) == 1 {
				entity = p.Entities[0].ID
			}
			if _, ok := p.Entity(entity); !ok {
				return usagef(cmd, "--entity %q is not in encours.yaml", entity)
			}
			if strings.TrimSpace(customer) == "" {
				return usagef(cmd, "whom? Give the code with --customer")
			}
			if !dry && (strings.TrimSpace(by) == "" || strings.TrimSpace(reason) == "") {
				return usagef(cmd, "an erasure is logged: say who asks for it with --by and why with --reason, or look first with --dry-run")
			}
			return a.erase(cmd.Context(), p, erasing{entity: entity, code: strings.TrimSpace(customer), by: by, reason: reason, dry: dry})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&entity, "entity", "", "entity of the customer (default: the only one)")
	flags.StringVar(&customer, "customer", "", "code of the customer or supplier")
	flags.StringVar(&by, "by", "", "who asks for it, for the log")
	flags.StringVar(&reason, "reason", "", "why, for the log; do not name the person")
	flags.BoolVar(&dry, "dry-run", false, "only say what would be erased")
	flags.BoolVar(&list, "list", false, "show the log")
	flags.BoolVar(&due, "due", false, "list the persons whose retention (privacy.retention_months) has ended")
	return cmd
}

type erasing struct {
	entity, code, by, reason string
	dry                      bool
}

// erase erases one person and builds what is left.
func (a *app) erase(ctx context.Context, p *project.Project, e erasing) error {
	return a.write(ctx, p, "erase", func(zone *landing.Zone) (err error) {
		db, err := duck.Open(ctx, "", buildLimits(p), false)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, db.Close()) }()
		batches, err := zone.Batches(ctx)
		if err != nil {
			return err
		}
		zoned := privacy.Landing{DB: db, Zone: zone}
		person, err := zoned.Find(ctx, batches, e.entity, e.code)
		if errors.Is(err, privacy.ErrNobody) {
			if begun, finishErr := a.finishErasure(ctx, p, e); finishErr != nil || begun {
				return errors.Join(finishErr, a.buildWithout(ctx, p, zone, batches, e))
			}
			return fmt.Errorf("no extract of %s knows the customer or supplier %q: `encours query 'select counterparty_id, counterparty_name from dim_counterparties'` lists them", e.entity, e.code)
		}
		if err != nil {
			return err
		}
		if e.dry {
			a.say("%s of %s is known by %d names (%s)%s; nothing has been changed", e.code, e.entity, len(person.Names),
				strings.Join(person.Names, "; "), sirenText(person.SIREN))
			return nil
		}
		store, err := state.Open(ctx, p.DataDir())
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, store.Close()) }()
		if person.Pseudonym, err = a.beginErasure(ctx, store, e); err != nil {
			return err
		}
		changed, err := a.erasePerson(ctx, p, zoned, store, batches, person)
		if err != nil {
			return err
		}
		a.say("%s of %s is %s from now on: %s", e.code, e.entity, person.Pseudonym, changed)
		return a.buildWithout(ctx, p, zone, batches, e)
	})
}

func sirenText(siren string) string {
	if siren == "" {
		return ""
	}
	return " and SIREN " + siren
}

// logged is the entry of the log about the same person, nil where there is none.
func (e erasing) logged(ctx context.Context, store *state.Store) (*state.Erasure, error) {
	log, err := store.Erasures(ctx)
	for _, entry := range log {
		if entry.Entity == e.entity && privacy.Digest(entry.Salt, e.entity, e.code) == entry.CodeDigest {
			return &entry, err
		}
	}
	return nil, err
}

// finishErasure ends an erasure that was interrupted when nothing was left to change,
// and says whether there was one.
func (a *app) finishErasure(ctx context.Context, p *project.Project, e erasing) (begun bool, err error) {
	if e.dry {
		return false, nil
	}
	store, err := state.OpenExisting(ctx, p.DataDir())
	if errors.Is(err, state.ErrNone) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	entry, err := e.logged(ctx, store)
	if err != nil || entry == nil || entry.Done != state.ErasureBegun {
		return false, err
	}
	a.say("%s of %s was erased already, as %s", e.code, e.entity, entry.Pseudonym)
	return true, store.SetErasureDone(ctx, entry.Pseudonym, "interrupted, and finished later")
}

// beginErasure finds the pseudonym of a person whose erasure was interrupted, or logs
// a new one, before anything is changed.
func (a *app) beginErasure(ctx context.Context, store *state.Store, e erasing) (string, error) {
	before, err := e.logged(ctx, store)
	if err != nil {
		return "", err
	}
	if before != nil {
		return before.Pseudonym, nil
	}
	pseudonym, salt := state.NewPseudonym()
	return pseudonym, store.AddErasure(ctx, state.Erasure{
		At: a.Clock(), By: e.by, Reason: e.reason, Entity: e.entity, Pseudonym: pseudonym, Salt: salt,
		CodeDigest: privacy.Digest(salt, e.entity, e.code), Done: state.ErasureBegun,
	})
}

// erasePerson changes the landing zone and the state, and logs what it did.
func (a *app) erasePerson(ctx context.Context, p *project.Project, zoned privacy.Landing, store *state.Store, batches []landing.Batch, person privacy.Person) (string, error) {
	// the state first: what is known of the person is read from the landing zone
	var kept int64
	for _, code := range person.Codes {
		changed, err := store.Forget(ctx, person.EntityID, code, person.Pseudonym, person.Names)
		if err != nil {
			return "", err
		}
		kept += changed
	}
	changes, err := zoned.Erase(ctx, batches, person)
	if err != nil {
		return "", err
	}
	rows := map[string]int64{}
	var rejects int64
	for _, change := range changes {
		rows[change.Batch.Dataset] += change.Rows
		rejects += change.Rejects
		// what the audit found may quote the rows; the next build audits the batch again
		if err := os.Remove(filepath.Join(p.DataDir(), "findings", change.Batch.ID+".json")); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	var parts []string
	for _, dataset := range slices.Sorted(maps.Keys(rows)) {
		parts = append(parts, fmt.Sprintf("%d rows of %s", rows[dataset], dataset))
	}
	done := strings.Join(append(parts, fmt.Sprintf("%d rejected lines", rejects), fmt.Sprintf("%d entries of the state", kept)), ", ")
	return done, store.SetErasureDone(ctx, person.Pseudonym, done)
}

// buildWithout builds a generation without the person and removes the earlier ones.
func (a *app) buildWithout(ctx context.Context, p *project.Project, zone *landing.Zone, batches []landing.Batch, e erasing) error {
	generations := a.store(p)
	if _, err := generations.CurrentID(); err == nil {
		if err := a.buildZone(ctx, p, zone, time.Time{}, time.Time{}); err != nil {
			return fmt.Errorf("the person is erased from the landing zone and the state, and the generation that serves still has it: build again: %w", err)
		}
		if _, err := generations.Sweep(1); err != nil {
			return err
		}
		left, err := generations.IDs()
		if err != nil {
			return err
		}
		if len(left) > 1 {
			a.say("%d earlier generations are held by a reader; `encours erase` of the same customer, or the next builds, remove them once it lets go", len(left)-1)
		}
	} else if !errors.Is(err, generation.ErrNone) {
		return err
	}
	if text, err := os.ReadFile(p.Path); err == nil && strings.Contains(string(text), e.code) {
		a.say("encours.yaml holds the text %q: write the pseudonym in its place where it means the person", e.code)
	}
	paths := map[string]bool{}
	for _, b := range batches {
		if _, err := os.Stat(b.SourcePath); err == nil && (b.EntityID == e.entity || b.EntityID == project.Group) {
			paths[b.SourcePath] = true
		}
	}
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		a.say("the extract %s may still name the person: it is yours to delete", path)
	}
	return nil
}

// eraseAgain erases persons of the log whom a later extract has brought back.
func (a *app) eraseAgain(ctx context.Context, p *project.Project, zone *landing.Zone) (err error) {
	store, err := state.OpenExisting(ctx, p.DataDir())
	if errors.Is(err, state.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	log, err := store.Erasures(ctx)
	if err != nil || len(log) == 0 {
		return err
	}
	all, err := zone.Batches(ctx)
	if err != nil {
		return err
	}
	// what a build stands on was looked at before it, at its time of all that was loaded
	var seen []string
	if id, err := a.store(p).CurrentID(); err == nil {
		current, err := a.store(p).Manifest(id)
		if err != nil {
			return err
		}
		seen = current.Batches
	}
	batches := slices.DeleteFunc(slices.Clone(all), func(b landing.Batch) bool {
		return b.LoadedAt.Before(log[0].At) || slices.Contains(seen, b.ID)
	})
	if len(batches) == 0 {
		return nil
	}
	db, err := duck.Open(ctx, "", buildLimits(p), false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	zoned := privacy.Landing{DB: db, Zone: zone}
	codes, err := zoned.Codes(ctx, batches)
	if err != nil {
		return err
	}
	for _, entry := range log {
		for _, code := range codes[entry.Entity] {
			if privacy.Digest(entry.Salt, entry.Entity, code) != entry.CodeDigest {
				continue
			}
			person, err := zoned.Find(ctx, batches, entry.Entity, code)
			if err != nil {
				return err
			}
			person.Pseudonym = entry.Pseudonym
			done, err := a.erasePerson(ctx, p, zoned, store, batches, person)
			if err != nil {
				return err
			}
			a.say("%s of %s came again and was erased again: %s", entry.Pseudonym, entry.Entity, done)
		}
	}
	return nil
}

func (a *app) listErasures(ctx context.Context, p *project.Project) (err error) {
	store, err := state.OpenExisting(ctx, p.DataDir())
	if errors.Is(err, state.ErrNone) {
		a.say("nobody was erased")
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	log, err := store.Erasures(ctx)
	if err != nil {
		return err
	}
	if len(log) == 0 {
		a.say("nobody was erased")
		return nil
	}
	w := tabwriter.NewWriter(a.Out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "ERASED AT\tENTITY\tPSEUDONYM\tBY\tREASON\tDONE")
	for _, e := range log {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", e.At.Format(time.RFC3339), e.Entity, e.Pseudonym, e.By, e.Reason, e.Done)
	}
	return w.Flush()
}

// dueSQL lists persons without an open item whose last movement is older than the
// retention of the project.
const dueSQL = `
select persons.entity_id, persons.side, persons.counterparty_id, cast(max(movements.movement_date) as varchar)
from int_persons as persons
inner join fct_items as items
    on items.entity_id = persons.entity_id
    and items.side = persons.side
    and items.counterparty_id = persons.counterparty_id
inner join fct_item_movements as movements
    on movements.entity_id = items.entity_id
    and movements.item_id = items.item_id
group by persons.entity_id, persons.side, persons.counterparty_id
having max(movements.movement_date) < (select as_of from params) - to_months($months) and sum(movements.amount) = 0
order by all`

func (a *app) listDue(ctx context.Context, p *project.Project) (err error) {
	if p.Privacy.RetentionMonths == 0 {
		return errors.New("encours.yaml sets no retention: write privacy: { retention_months: 120 }")
	}
	pool := session.NewPool(a.store(p), limits(p, 1))
	defer func() { err = errors.Join(err, pool.Close()) }()
	rows, err := a.due(ctx, pool, p.Privacy.RetentionMonths)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		a.say("nobody is due for erasure")
		return nil
	}
	w := tabwriter.NewWriter(a.Out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "ENTITY\tSIDE\tCODE\tLAST MOVEMENT")
	for _, row := range rows {
		fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	return w.Flush()
}

func (a *app) due(ctx context.Context, pool *session.Pool, months int) (list [][]string, err error) {
	pinned, err := pool.Pin(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, pinned.Release()) }()
	s, release, err := pinned.Session(ctx, pinned.Manifest().AsOf.Time)
	if err != nil {
		return nil, err
	}
	defer release()
	err = s.Query(ctx, func(rows *sql.Rows) error {
		row := make([]string, 4)
		err := rows.Scan(&row[0], &row[1], &row[2], &row[3])
		list = append(list, row)
		return err
	}, dueSQL, sql.Named("months", months))
	return list, err
}
