package main

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
	"github.com/encours/encours/warehouse/runs"
)

func (a *app) ingestCommand() *cobra.Command {
	var kind, entity, source, charset, start, extract string
	var parts bool
	cmd := &cobra.Command{
		Use:   "ingest [SOURCE…] | --kind fec --entity ID PATH…",
		Short: "Load extracts into the landing zone",
		Long: `Loads every source of encours.yaml, or those named; or, with --kind, the files
given. Lines that cannot be read are kept as rejects and the lines around them
are loaded. The same file a second time changes nothing; a later cut of a fiscal
year takes the place of the earlier one, and both stay in the landing zone.`,
		Example: `  encours ingest
  encours ingest compta-alpha
  encours ingest --kind fec --entity ALPHA 123456789FEC20241231.txt
  encours ingest --kind fec --entity ALPHA --fiscal-year-start 2024-04-01 fec.txt
  encours ingest --kind fec --entity ALPHA --parts january.txt february.txt`,
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := a.load()
			if err != nil {
				return err
			}
			var jobs []job
			if kind == "" {
				if entity+source+charset+start+extract != "" || parts {
					return usagef(cmd, "--entity, --source, --charset, --fiscal-year-start, --extract-date and --parts go with --kind; a source of encours.yaml has them there")
				}
				jobs, err = a.allJobs(cmd, p, args)
			} else {
				var loads []load
				loads, err = adHocLoads(cmd, p, args, kind, entity, source, charset, start, extract, parts)
				jobs = []job{{source: cmp.Or(source, kind), list: func() ([]load, error) { return loads, nil }}}
			}
			if err != nil {
				return err
			}
			return a.ingest(cmd.Context(), p, jobs)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&kind, "kind", "", "what the files are: fec")
	flags.StringVar(&entity, "entity", "", "entity of encours.yaml that the files belong to")
	flags.StringVar(&source, "source", "", "name of the source (default: the kind)")
	flags.StringVar(&charset, "charset", "", "auto, utf-8, iso-8859-15, windows-1252 or cp850 (default auto)")
	flags.StringVar(&start, "fiscal-year-start", "", "first day of the fiscal year, YYYY-MM-DD (default: found out)")
	flags.BoolVar(&parts, "parts", false, "the files are the parts of one split ledger, in the order of their names")
	flags.StringVar(&extract, "extract-date", "", "day on which the extract was made, YYYY-MM-DD")
	return cmd
}

// allJobs are the named sources, or all. One that has a drop folder and no paths
// has nothing to load by hand.
func (a *app) allJobs(cmd *cobra.Command, p *project.Project, names []string) ([]job, error) {
	for _, name := range names {
		if !slices.ContainsFunc(p.Sources, func(s project.Source) bool { return s.Name == name }) {
			return nil, usagef(cmd, "encours.yaml has no source %q; a file is loaded by --kind fec --entity ID PATH", name)
		}
	}
	if len(p.Sources) == 0 {
		return nil, errors.New("encours.yaml has no sources: add one, or load files by `encours ingest --kind fec --entity ID PATH…`")
	}
	var jobs []job
	for _, s := range p.Sources {
		switch {
		case len(names) > 0 && !slices.Contains(names, s.Name):
		case len(s.Paths) == 0 && s.Watch.IsSet():
			a.say("%s: `encours serve` loads what is put into %s", s.Name, s.Watch.Folder)
		default:
			jobs = append(jobs, job{source: s.Name, list: func() ([]load, error) { return sourceLoads(p, s) }})
		}
	}
	return jobs, nil
}

func adHocLoads(cmd *cobra.Command, p *project.Project, paths []string, kind, entity, source, charset, start, extract string, parts bool) ([]load, error) {
	if kind != "fec" {
		return nil, usagef(cmd, "--kind %q is not known; the kinds are: fec", kind)
	}
	if entity == "" && len(p.Entities) == 1 {
		entity = p.Entities[0].ID
	}
	owner, ok := p.Entity(entity)
	if !ok {
		var ids []string
		for _, e := range p.Entities {
			ids = append(ids, e.ID)
		}
		return nil, usagef(cmd, "--entity %q is not in encours.yaml; the entities are: %s", entity, strings.Join(ids, ", "))
	}
	if len(paths) == 0 {
		return nil, usagef(cmd, "which files? Give their paths after the options")
	}
	if source == "" {
		source = kind
	}
	from, err := day(cmd, "fiscal-year-start", start)
	if err != nil {
		return nil, err
	}
	declared, err := day(cmd, "extract-date", extract)
	if err != nil {
		return nil, err
	}
	return fecLoad{
		source: source, project: p, entity: owner, charset: charset,
		fiscalYearStart: from, extractDate: declared,
	}.ofEach(paths, parts)
}

// ingest runs the jobs one after the other. An extract that is refused does not
// keep the others from being loaded.
func (a *app) ingest(ctx context.Context, p *project.Project, jobs []job) error {
	var rejects int64
	var extracts int
	var refused []error
	err := a.write(ctx, p, "ingest", func(zone *landing.Zone) error {
		return a.withIngestDB(ctx, p, func(db *sql.DB) error {
			for _, j := range jobs {
				out, err := a.runJob(ctx, p, zone, db, j, runs.ByHand)
				if err != nil {
					return err
				}
				rejects += out.Rejects
				extracts += out.Extracts
				refused = append(refused, out.refused...)
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	if len(refused) > 0 {
		return fmt.Errorf("%d of %d extracts were not loaded:\n%w", len(refused), extracts, errors.Join(refused...))
	}
	if rejects > p.Rejects.MaxLines {
		return &rejectsError{rejects: rejects, budget: p.Rejects.MaxLines}
	}
	return nil
}

// withIngestDB lends the DuckDB instance through which extracts land.
func (a *app) withIngestDB(ctx context.Context, p *project.Project, use func(*sql.DB) error) (err error) {
	db, err := duck.Open(ctx, "", ingestLimits(p), false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return use(db)
}
