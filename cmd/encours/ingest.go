package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
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
			var loads []load
			if kind == "" {
				if entity+source+charset+start+extract != "" || parts {
					return usagef(cmd, "--entity, --source, --charset, --fiscal-year-start, --extract-date and --parts go with --kind; a source of encours.yaml has them there")
				}
				loads, err = allLoads(cmd, p, args)
			} else {
				loads, err = adHocLoads(cmd, p, args, kind, entity, source, charset, start, extract, parts)
			}
			if err != nil {
				return err
			}
			return a.ingest(cmd.Context(), p, loads)
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

// allLoads lists the extracts of the named sources, or of all.
func allLoads(cmd *cobra.Command, p *project.Project, names []string) ([]load, error) {
	for _, name := range names {
		if !slices.ContainsFunc(p.Sources, func(s project.Source) bool { return s.Name == name }) {
			return nil, usagef(cmd, "encours.yaml has no source %q; a file is loaded by --kind fec --entity ID PATH", name)
		}
	}
	if len(p.Sources) == 0 {
		return nil, errors.New("encours.yaml has no sources: add one, or load files by `encours ingest --kind fec --entity ID PATH…`")
	}
	var loads []load
	for _, s := range p.Sources {
		if len(names) > 0 && !slices.Contains(names, s.Name) {
			continue
		}
		of, err := sourceLoads(p, s)
		if err != nil {
			return nil, err
		}
		loads = append(loads, of...)
	}
	return loads, nil
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

// ingest loads the extracts one after the other. One that is refused does not keep
// the others from being loaded.
func (a *app) ingest(ctx context.Context, p *project.Project, loads []load) error {
	var rejects int64
	var refused []error
	err := a.write(ctx, p, "ingest", func(zone *landing.Zone) (err error) {
		db, err := duck.Open(ctx, "", ingestLimits(p), false)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, db.Close()) }()
		for _, load := range loads {
			result, err := load.run(ctx, a, zone, db)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil {
				refused = append(refused, err)
				continue
			}
			result.say(a, load.name())
			rejects += result.batch.Rejects
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(refused) > 0 {
		return fmt.Errorf("%d of %d extracts were not loaded:\n%w", len(refused), len(loads), errors.Join(refused...))
	}
	if rejects > p.Rejects.MaxLines {
		return &rejectsError{rejects: rejects, budget: p.Rejects.MaxLines}
	}
	return nil
}
