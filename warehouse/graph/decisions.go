package graph

import (
	"fmt"
	"strconv"
	"strings"

	sqlfiles "github.com/encours/encours/sql"
)

// Decision is a section of sql/DECISIONS.md: why the models that name its number
// are as they are.
type Decision struct {
	Number int
	Title  string
	Text   string // Markdown, lines as they are in the file
}

// Decisions reads those that the program carries, in their order.
func Decisions() ([]Decision, error) {
	text, err := sqlfiles.Files.ReadFile("DECISIONS.md")
	if err != nil {
		return nil, fmt.Errorf("read decisions: %w", err)
	}
	var list []Decision
	for _, section := range strings.Split(string(text), "\n## ")[1:] {
		head, body, _ := strings.Cut(section, "\n")
		number, title, _ := strings.Cut(head, ". ")
		n, err := strconv.Atoi(number)
		if err != nil {
			return nil, fmt.Errorf("read decision %q: it has no number", head)
		}
		list = append(list, Decision{Number: n, Title: title, Text: strings.TrimSpace(body)})
	}
	return list, nil
}
