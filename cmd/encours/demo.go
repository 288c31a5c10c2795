package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/encours/encours/ingest/sample"
	"github.com/encours/encours/warehouse/project"
)

func (a *app) demoCommand() *cobra.Command {
	var noServe bool
	var addr string
	cmd := &cobra.Command{
		Use:   "demo [DIR]",
		Short: "A realistic sample project, from extracts to dashboards",
		Long: `Writes the extracts of an invented group (ledgers, customers, CRM, register, gazette,
ratings, insurance), loads them, builds the warehouse and serves the dashboards. In a folder that holds the sample already, it loads what
is new and builds again.`,
		Example: `  encours demo
  encours demo /tmp/demo --no-serve`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := "encours-demo"
			if len(args) == 1 {
				dir = args[0]
			}
			p, err := a.prepareDemo(cmd, dir)
			if err != nil || noServe {
				return err
			}
			return a.serve(cmd.Context(), p, addr, "")
		},
	}
	cmd.Flags().BoolVar(&noServe, "no-serve", false, "stop once the warehouse is built")
	cmd.Flags().StringVar(&addr, "addr", "", "address to listen on (default: that of encours.yaml, 127.0.0.1:8080)")
	return cmd
}

func (a *app) prepareDemo(cmd *cobra.Command, dir string) (*project.Project, error) {
	a.dir = dir
	_, err := os.Stat(filepath.Join(dir, project.FileName))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := a.generate(cmd.Context(), dir, sample.Demo()); err != nil {
			return nil, err
		}
	case err != nil:
		return nil, err
	}
	p, err := a.load()
	if err != nil {
		return nil, err
	}
	return p, a.run(cmd, p, time.Time{}, time.Time{})
}
