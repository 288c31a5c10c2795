package main

import (
	"embed"
	"fmt"
	"path"
	"strings"

	"github.com/spf13/cobra"
)

// pages are the task pages of the documentation, which the program shows too.
//
//go:embed docs/*.md
var pages embed.FS

// topics are the task pages as help topics: `encours help load-fec` prints one.
// The name of a topic is that of its file, its short text the title of the page.
func (a *app) topics() []*cobra.Command {
	entries, err := pages.ReadDir("docs")
	if err != nil {
		panic(fmt.Sprintf("read the embedded pages: %v", err)) // embedded: cannot happen
	}
	var topics []*cobra.Command
	for _, entry := range entries {
		text, err := pages.ReadFile(path.Join("docs", entry.Name()))
		if err != nil {
			panic(fmt.Sprintf("read the embedded page %s: %v", entry.Name(), err))
		}
		title, _, _ := strings.Cut(string(text), "\n")
		topics = append(topics, &cobra.Command{
			Use:   strings.TrimSuffix(entry.Name(), ".md"),
			Short: strings.TrimPrefix(title, "# "),
			Long:  string(text),
		})
	}
	return topics
}
