package dictionary

import (
	"fmt"
	"io"
	"strings"
)

// Markdown writes the dictionary as one page.
func (d *Dictionary) Markdown(w io.Writer) error {
	var b strings.Builder
	b.WriteString("# Data dictionary\n\n## Marts\n")
	for _, m := range d.Marts {
		fmt.Fprintf(&b, "\n### %s\n\n%s One row per %s. Key: %s.%s\n\n| column | unit | meaning |\n|--|--|--|\n",
			m.Name, m.Question, strings.TrimPrefix(m.Grain, "one row per "), strings.Join(m.Key, ", "), links(m.Decisions))
		for _, c := range m.Columns {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c.Name, c.Unit, cell(c.Meaning))
		}
	}
	b.WriteString("\n## Checks\n\n| check | severity | meaning |\n|--|--|--|\n")
	for _, c := range d.Checks {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c.Name, c.Severity, cell(c.Sentence))
	}
	b.WriteString("\n## Reference tables\n")
	for _, r := range d.References {
		d.markdownReference(&b, r)
	}
	b.WriteString("\n## Decisions\n")
	for _, made := range d.Decisions {
		fmt.Fprintf(&b, "\n<a id=\"decision-%d\"></a>\n\n### %d. %s\n\n%s\n", made.Number, made.Number, made.Title, strings.Join(made.Paragraphs, "\n\n"))
		if len(made.Models) > 0 {
			fmt.Fprintf(&b, "\nModels: %s.\n", strings.Join(made.Models, ", "))
		}
	}
	_, err := io.WriteString(w, b.String())
	if err != nil {
		return fmt.Errorf("write the data dictionary: %w", err)
	}
	return nil
}

func (d *Dictionary) markdownReference(b *strings.Builder, r Reference) {
	state := "As shipped."
	if r.IsOverridden {
		state = "Overridden by `" + r.File + "`."
	}
	fmt.Fprintf(b, "\n### %s\n\n%s %s\n\n| column | meaning |\n|--|--|\n", r.Name, r.Meaning, state)
	for _, c := range r.Columns {
		fmt.Fprintf(b, "| `%s` | %s |\n", c.Name, cell(c.Meaning))
	}
	fmt.Fprintf(b, "\n| %s |\n|%s\n", strings.Join(r.Header, " | "), strings.Repeat("--|", len(r.Header)))
	for _, row := range r.Rows {
		var cells []string
		for _, value := range row {
			cells = append(cells, cell(value))
		}
		fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | "))
	}
}

func links(decisions []int) string {
	var all []string
	for _, n := range decisions {
		all = append(all, fmt.Sprintf("[%d](#decision-%d)", n, n))
	}
	if len(all) == 0 {
		return ""
	}
	return " Decisions: " + strings.Join(all, ", ") + "."
}

func cell(text string) string { return strings.ReplaceAll(text, "|", "\\|") }
