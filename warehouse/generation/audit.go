package generation

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/encours/encours/warehouse/audit"
	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/graph"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
)

// auditRows bounds the lines that are audited together: the tables of a pass stay
// small, and so does its memory.
const auditRows = 2_000_000

// findings is the file of what the audit found in a batch. A batch never changes,
// so that it holds until the rules do.
type findings struct {
	Rules string        `json:"rules_sha256"`
	Found []audit.Found `json:"found"`
}

func findingsPath(p *project.Project, id string) string {
	return filepath.Join(p.DataDir(), "findings", id+".json")
}

// Audit gives what the audit finds in each batch that counts among those given, by
// batch identifier. What has been found before by the same rules is kept in the
// project and not looked for again: the cost is that of the new batches. Checks that
// compare fiscal years are not among these; a build has them.
func Audit(ctx context.Context, p *project.Project, limits duck.Limits, zone *landing.Zone, batches []landing.Batch) (_ map[string][]audit.Found, err error) {
	db, err := duck.Open(ctx, "", limits, false)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	models, err := graph.Embedded(ctx, db)
	if err != nil {
		return nil, err
	}
	return auditAll(ctx, p, limits, zone, models, batches)
}

func auditAll(ctx context.Context, p *project.Project, limits duck.Limits, zone *landing.Zone, models *graph.Graph, batches []landing.Batch) (map[string][]audit.Found, error) {
	rules, err := audit.Rules(models)
	if err != nil {
		return nil, err
	}
	all := map[string][]audit.Found{}
	var fresh []landing.Batch
	for _, b := range landing.Live(batches) {
		if !audit.Judges(b) {
			all[b.ID] = nil
			continue
		}
		kept, ok, err := readFindings(findingsPath(p, b.ID), rules)
		if err != nil {
			return nil, err
		}
		if ok {
			all[b.ID] = kept
		} else {
			fresh = append(fresh, b)
		}
	}
	if len(fresh) == 0 {
		return all, nil
	}
	if err := os.MkdirAll(filepath.Dir(findingsPath(p, "")), 0o755); err != nil {
		return nil, fmt.Errorf("make the folder of findings: %w", err)
	}
	for _, pass := range passes(fresh) {
		found, err := auditPass(ctx, p, limits, zone, models, pass)
		if err != nil {
			return nil, err
		}
		for _, b := range pass {
			all[b.ID] = found[b.ID]
			if err := writeFindings(findingsPath(p, b.ID), findings{Rules: rules, Found: found[b.ID]}); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// auditPass audits batches in a database of its own, which sees no others.
func auditPass(ctx context.Context, p *project.Project, limits duck.Limits, zone *landing.Zone, models *graph.Graph, pass []landing.Batch) (_ map[string][]audit.Found, err error) {
	db, err := duck.Open(ctx, "", limits, false)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("open audit connection: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, "set preserve_insertion_order = false"); err != nil {
		return nil, fmt.Errorf("prepare audit: %w", err)
	}
	if err := AttachLanding(ctx, conn, p, zone, pass); err != nil {
		return nil, err
	}
	return audit.Collect(ctx, conn, models, zone, pass)
}

// passes puts batches together that are audited at once. Ledgers that hold a whole
// fiscal year share one up to auditRows; the rest makes one more.
func passes(batches []landing.Batch) [][]landing.Batch {
	var out [][]landing.Batch
	var whole, rest []landing.Batch
	var rows int64
	for _, b := range batches {
		if b.Dataset != landing.LedgerDataset || b.Mode != landing.Full {
			rest = append(rest, b)
			continue
		}
		if len(whole) > 0 && rows+b.Rows > auditRows {
			out, whole, rows = append(out, whole), nil, 0
		}
		whole, rows = append(whole, b), rows+b.Rows
	}
	for _, pass := range [][]landing.Batch{whole, rest} {
		if len(pass) > 0 {
			out = append(out, pass)
		}
	}
	return out
}

// readFindings is false where there is no file, or one of other rules. A file that
// is damaged is as good as none.
func readFindings(path, rules string) ([]audit.Found, bool, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("read findings: %w", err)
	}
	var kept findings
	if err := json.Unmarshal(text, &kept); err != nil || kept.Rules != rules {
		return nil, false, nil
	}
	return kept.Found, true, nil
}

func writeFindings(path string, f findings) (err error) {
	text, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return fmt.Errorf("keep findings: %w", err)
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".findings-*")
	if err != nil {
		return fmt.Errorf("keep findings: %w", err)
	}
	_, err = file.Write(append(text, '\n'))
	if err = errors.Join(err, file.Chmod(0o644), file.Close()); err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("keep findings %q: %w", path, errors.Join(err, os.Remove(file.Name())))
	}
	return nil
}

// fillQuality fills quality_checks and quality_findings.
func (b *builder) fillQuality(ctx context.Context, conn *sql.Conn, models *graph.Graph) error {
	checks, err := audit.Checks()
	if err != nil {
		return err
	}
	for _, c := range checks {
		_, err := conn.ExecContext(ctx, "insert into quality_checks values (?, ?, ?, ?, ?, ?)",
			c.ID, c.Severity, c.Sentence, c.SentenceFR, c.Advice, c.AdviceFR)
		if err != nil {
			return fmt.Errorf("insert audit checks: %w", err)
		}
	}
	all, err := auditAll(ctx, b.Project, b.Limits, b.Zone, models, b.live)
	if err != nil {
		return err
	}
	var ids, names, stakes []string
	var lines, firsts []int64
	for _, batch := range b.live {
		for _, f := range all[batch.ID] {
			ids, names, stakes = append(ids, batch.ID), append(names, f.Check), append(stakes, f.Stake)
			lines, firsts = append(lines, f.Lines), append(firsts, f.FirstLine)
		}
	}
	_, err = conn.ExecContext(ctx, `
insert into quality_findings
select unnest(?::varchar[]), unnest(?::varchar[]), unnest(?::bigint[]),
    cast(unnest(?::varchar[]) as decimal(18, 2)), nullif(unnest(?::bigint[]), 0)`, ids, names, lines, stakes, firsts)
	if err != nil {
		return fmt.Errorf("insert findings: %w", err)
	}
	return nil
}
