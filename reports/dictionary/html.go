package dictionary

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
)

//go:embed page.html
var pageText string

// HTML writes the dictionary as one page that needs no other file.
func (d *Dictionary) HTML(w io.Writer) error {
	page, err := template.New("page").Funcs(template.FuncMap{"spans": Spans}).Parse(pageText)
	if err == nil {
		err = page.Execute(w, d)
	}
	if err != nil {
		return fmt.Errorf("write the data dictionary: %w", err)
	}
	return nil
}
