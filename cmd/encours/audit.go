package main

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/encours/encours/ingest/fec"
	"github.com/encours/encours/reports/auditfile"
	"github.com/encours/encours/warehouse/durable"
)

// auditFlags are the options of the command.
type auditFlags struct {
	kind, entity, charset, format, lang, output, receivables string

	parts bool // all files are parts of one ledger
}

func auditFormats() []string { return []string{"text", "json", "html", "xlsx"} }

func (a *app) auditCommand() *cobra.Command {
	var f auditFlags
	cmd := &cobra.Command{
		Use:   "audit PATH…",
		Short: "Say what is wrong with extracts before they are loaded",
		Long: `Reads extracts, loads nothing, and says what they are, what they hold, what is
wrong with them, line by line, how much money that touches, and how far each later
report can rely on them. It needs no project. Files of several fiscal years of one
entity are compared: openings with the closings before them. Archives (.gz, .zip)
and split ledgers are read as ingest reads them.`,
		Example: `  encours audit 123456789FEC20241231.txt
  encours audit extracts/*.txt --format html --lang fr -o audit.html
  encours audit 123456789FEC20241231.txt -o audit.xlsx
  encours audit 123456789FEC20241231.txt --receivables 128200.50`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.complete(cmd, args); err != nil {
				return err
			}
			return a.audit(cmd.Context(), cmd, args, f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.kind, "kind", "fec", "what the files are: fec")
	flags.StringVar(&f.entity, "entity", "", "entity that the files belong to (default: the SIREN of the file name)")
	flags.StringVar(&f.charset, "charset", "", "auto, utf-8, iso-8859-15, windows-1252 or cp850 (default auto)")
	flags.StringVar(&f.format, "format", "", "text, json, html or xlsx (default: the ending of the output file, else text)")
	flags.StringVar(&f.lang, "lang", "en", "language of the report: en or fr")
	flags.StringVar(&f.receivables, "receivables", "", "customer receivables of the balance sheet (411, 413, 416, 418, 419), to compare with the file")
	flags.BoolVar(&f.parts, "parts", false, "all files are parts of one ledger, in the order of their names")
	flags.StringVarP(&f.output, "output", "o", "", "file to write (default: standard output)")
	return cmd
}

// complete fills in what the options leave open, and refuses what they cannot mean.
func (f *auditFlags) complete(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usagef(cmd, "which files? Give their paths after the options")
	}
	if f.kind != "fec" {
		return usagef(cmd, "--kind %q is not known; the kinds are: fec", f.kind)
	}
	if f.format == "" {
		f.format = "text"
		if ending := strings.ToLower(strings.TrimPrefix(filepath.Ext(f.output), ".")); slices.Contains(auditFormats(), ending) {
			f.format = ending
		}
	}
	if !slices.Contains(auditFormats(), f.format) {
		return usagef(cmd, "--format %q is not known; the formats are: %s", f.format, strings.Join(auditFormats(), ", "))
	}
	if !slices.Contains(auditfile.Languages(), f.lang) {
		return usagef(cmd, "--lang %q is not known; the languages are: %s", f.lang, strings.Join(auditfile.Languages(), ", "))
	}
	if f.receivables != "" {
		if !plainAmount.MatchString(f.receivables) {
			return usagef(cmd, "--receivables %q is not an amount: write it with a dot, such as 128200.50", f.receivables)
		}
		if len(args) > 1 && !f.parts {
			return usagef(cmd, "--receivables is the balance sheet of one file; %d are given", len(args))
		}
	}
	return nil
}

// audit reads the files into a folder of its own, which it removes, and writes the
// report.
func (a *app) audit(ctx context.Context, cmd *cobra.Command, paths []string, f auditFlags) (err error) {
	work, err := newAuditWork(ctx, a, f)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, work.close()) }()
	ledgers, err := fec.GroupParts(paths, f.parts)
	if err != nil {
		return err
	}
	for _, files := range ledgers {
		if err := work.read(ctx, files); err != nil {
			return err
		}
	}
	report, err := work.report(ctx)
	if err != nil {
		return err
	}
	write := func(w io.Writer) error {
		switch f.format {
		case "json":
			return auditfile.JSON(w, report, f.lang)
		case "html":
			return auditfile.HTML(w, report, f.lang)
		case "xlsx":
			return auditfile.XLSX(ctx, w, report, work.found, work.folder, f.lang)
		}
		return auditfile.Text(w, report, f.lang)
	}
	if f.output == "" {
		return write(onlyWriter{a.Out})
	}
	if err := durable.Write(f.output, write); err != nil {
		return err
	}
	a.say("%s: complete", f.output)
	return nil
}
