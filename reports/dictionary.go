package reports

import (
	"context"

	"github.com/encours/encours/reports/dictionary"
	"github.com/encours/encours/warehouse/generation"
)

// Dictionary tells what the figures of the generation mean, with the reference
// tables that the project has.
func (v *View) Dictionary(ctx context.Context) (*dictionary.Dictionary, error) {
	return figure(ctx, v, "dictionary", "", func() (*dictionary.Dictionary, error) {
		folder := ""
		if v.service.options.Project != nil {
			folder = v.service.options.Project.Dir
		}
		references, err := generation.References(folder)
		if err != nil {
			return nil, err
		}
		models, err := v.generation.Models(ctx)
		if err != nil {
			return nil, err
		}
		return dictionary.Make(models, references)
	})
}
