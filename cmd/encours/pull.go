package main

import (
	"bufio"
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/companies"
	"github.com/encours/encours/ingest/pull"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
)

// Notes of a batch that an API gave, beside noteWatermark, which is when it was asked.
const noteAsked = "asked" // digest of the list of companies that it was asked about

// Answers may be late: what was asked for in the time before a watermark is asked for
// again. Rows that come twice are the same by their key.
const (
	sireneOverlap = 24 * time.Hour
	bodaccOverlap = 3 * 24 * time.Hour
)

// pullLoad is what an API has to tell about the companies of the project.
type pullLoad struct {
	project *project.Project
	source  project.Source
}

func (load pullLoad) name() string { return load.source.Name }

// run asks for what is new and lands it. What an earlier run fetched and could not land
// is landed first.
func (load pullLoad) run(ctx context.Context, a *app, zone *landing.Zone, db *sql.DB) (result loaded, err error) {
	client, err := load.client(a)
	if err != nil {
		return result, err
	}
	if _, err := load.reader(); err != nil {
		return result, err
	}
	spool := pull.Spool{Dir: filepath.Join(load.project.DataDir(), "pull"), Name: load.source.Name}
	if items, notes, ok, err := spool.Pending(); err != nil {
		return result, err
	} else if ok && items > 0 {
		before, err := load.land(ctx, a, zone, db, spool, notes)
		if err != nil {
			return result, err
		}
		before.say(a, load.source.Name)
	}
	sirens, err := load.sirens(ctx, zone, db)
	if err != nil {
		return result, err
	}
	if len(sirens) == 0 {
		result.unchanged = "nothing is asked: no customer, account, rating or cover that is loaded carries a SIREN"
		return result, nil
	}
	known, fresh, since, err := load.split(ctx, zone, sirens)
	if err != nil {
		return result, err
	}
	now := a.Clock()
	notes := map[string]string{noteWatermark: now.UTC().Format(time.RFC3339), noteAsked: digestOf(sirens)}
	items, err := spool.Fetch(ctx, notes, load.steps(client, known, fresh, since, now))
	if err != nil {
		return result, fmt.Errorf("source %q: %w", load.source.Name, err)
	}
	if items == 0 {
		result.unchanged = deltaNothingAdded
		return result, spool.Done()
	}
	if err := load.noteAsked(sirens); err != nil {
		return result, err
	}
	_, notes, _, err = spool.Pending()
	if err != nil {
		return result, err
	}
	return load.land(ctx, a, zone, db, spool, notes)
}

// client is that of the service.
func (load pullLoad) client(a *app) (*pull.Client, error) {
	key, err := load.source.APIKey(a.Getenv)
	if err != nil {
		return nil, err
	}
	c := &pull.Client{Base: load.source.API.URL, Key: key, Sleep: a.sleep, Now: a.Clock, Say: a.say, PerMinute: load.source.API.PerMinute}
	if load.source.Kind == project.KindSireneAPI {
		c.Header, c.PerMinute = pull.SireneHeader, cmp.Or(c.PerMinute, pull.SirenePerMinute)
		return c, nil
	}
	if key != "" {
		c.Header, c.Key = "Authorization", "Apikey "+key
	}
	c.PerMinute = cmp.Or(c.PerMinute, pull.BodaccPerMinute)
	return c, nil
}

// steps are the questions to the service.
func (load pullLoad) steps(c *pull.Client, known, fresh []string, since, now time.Time) []pull.Step {
	if load.source.Kind == project.KindSireneAPI {
		return pull.SireneSteps(c, known, fresh, since.Add(-sireneOverlap))
	}
	today := landing.NewDate(now).Time
	return append(
		pull.BodaccSteps(c, known, landing.NewDate(since.Add(-bodaccOverlap)).Time, today),
		pull.BodaccSteps(c, fresh, load.source.API.From.Time, today)...)
}

// reader opens what the service gave.
func (load pullLoad) reader() (openShaped, error) {
	if load.source.Kind == project.KindSireneAPI {
		return func(ctx context.Context, path string, _ project.Source) (ingest.Shaped, error) {
			return companies.Open(ctx, path)
		}, nil
	}
	open, ok := shapedReaders[project.KindBodacc]
	if !ok {
		return nil, fmt.Errorf("source %q: kind %q cannot be loaded: this program has no reader of notices", load.source.Name, load.source.Kind)
	}
	return open, nil
}

// sirens are the companies that are asked about, sorted.
func (load pullLoad) sirens(ctx context.Context, zone *landing.Zone, db *sql.DB) (sirens []string, err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := collectWanted(ctx, conn, zone, load.project, load.source); err != nil {
		return nil, err
	}
	rows, err := conn.QueryContext(ctx, "select siren from wanted_sirens order by siren")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var siren string
		if err := rows.Scan(&siren); err != nil {
			return nil, err
		}
		sirens = append(sirens, siren)
	}
	return sirens, rows.Err()
}

// split tells the companies that the service was asked about before, and since when what
// changed is not known, from those that it has to tell all of.
func (load pullLoad) split(ctx context.Context, zone *landing.Zone, sirens []string) (known, fresh []string, since time.Time, err error) {
	batches, err := zone.Batches(ctx)
	if err != nil {
		return nil, nil, since, err
	}
	digest := ""
	for _, b := range batches {
		at, err := time.Parse(time.RFC3339, b.Notes[noteWatermark])
		if b.Source == load.source.Name && err == nil && at.After(since) {
			since, digest = at, b.Notes[noteAsked]
		}
	}
	text, err := os.ReadFile(load.askedPath())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, since, fmt.Errorf("source %q: %w", load.source.Name, err)
	}
	asked := strings.Fields(string(text))
	if since.IsZero() || digestOf(asked) != digest {
		return nil, sirens, since, nil
	}
	before := map[string]bool{}
	for _, siren := range asked {
		before[siren] = true
	}
	for _, siren := range sirens {
		if before[siren] {
			known = append(known, siren)
		} else {
			fresh = append(fresh, siren)
		}
	}
	return known, fresh, since, nil
}

// askedPath is the list of companies that the service was asked about. It counts only
// where the last batch of the source knows it by its digest.
func (load pullLoad) askedPath() string {
	return filepath.Join(load.project.DataDir(), "pull", load.source.Name+".asked")
}

func (load pullLoad) noteAsked(sirens []string) error {
	path := load.askedPath()
	if err := os.WriteFile(path+".tmp", []byte(strings.Join(sirens, "\n")+"\n"), 0o600); err != nil {
		return fmt.Errorf("source %q: %w", load.source.Name, err)
	}
	return os.Rename(path+".tmp", path)
}

func digestOf(list []string) string {
	sum := sha256.Sum256([]byte(strings.Join(list, "\n")))
	return hex.EncodeToString(sum[:])
}

// noted adds notes to those of an extract.
type noted struct {
	ingest.Shaped
	notes map[string]string
}

func (n noted) Notes() map[string]string {
	all := maps.Clone(n.notes)
	maps.Copy(all, n.Shaped.Notes())
	return all
}

// land lands what was fetched and removes it.
func (load pullLoad) land(ctx context.Context, a *app, zone *landing.Zone, db *sql.DB, spool pull.Spool, notes map[string]string) (result loaded, err error) {
	open, err := load.reader()
	if err != nil {
		return result, err
	}
	path := spool.Path()
	if load.source.Kind == project.KindBodaccAPI {
		path = strings.TrimSuffix(path, ".ndjson") + ".results.json"
		if err := wrapRecords(spool.Path(), path); err != nil {
			return result, fmt.Errorf("source %q: %w", load.source.Name, err)
		}
		defer func() { err = errors.Join(err, os.Remove(path)) }()
	}
	file, err := open(ctx, path, load.source)
	if err != nil {
		return result, err
	}
	if c, ok := file.(io.Closer); ok {
		defer func() { err = errors.Join(err, c.Close()) }()
	}
	for i, dataset := range file.Datasets() {
		if i > 0 {
			result.say(a, load.source.Name)
		}
		result, err = shapedLoad{path: path, source: load.source, file: noted{file, notes}, dataset: dataset}.run(ctx, a, zone, db)
		if err != nil {
			return result, err
		}
	}
	return result, spool.Done()
}

// wrapRecords writes records of one line each as an answer of the explore API.
func wrapRecords(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	w, separator := bufio.NewWriter(out), `{"results": [`+"\n"
	lines := bufio.NewReaderSize(in, 1<<20)
	for {
		line, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if _, err := w.WriteString(separator + strings.TrimSuffix(line, "\n")); err != nil {
			return err
		}
		separator = ",\n"
	}
	if _, err := w.WriteString("\n]}\n"); err != nil {
		return err
	}
	return w.Flush()
}
