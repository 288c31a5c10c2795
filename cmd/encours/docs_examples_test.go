package main

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// tree is the tree of commands as the binary has it.
func tree() *cobra.Command {
	var out bytes.Buffer
	root := Main{Out: &out, Err: &out, Getenv: func(string) string { return "" }, Clock: time.Now}.root()
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	return root
}

// commands are those that this program adds to cobra's own. One that only holds
// others is left out for them.
func commands() []*cobra.Command {
	var found []*cobra.Command
	for _, cmd := range tree().Commands() {
		switch {
		case cmd.Hidden || cmd.IsAdditionalHelpTopicCommand() || cmd.Name() == "help" || cmd.Name() == "completion":
		case cmd.HasSubCommands():
			found = append(found, cmd.Commands()...)
		default:
			found = append(found, cmd)
		}
	}
	return found
}

// example is one call of the program in the documentation.
type example struct {
	where string
	args  []string // without the name of the program
}

var (
	fence = regexp.MustCompile("(?s)```sh\n(.*?)```")
	words = regexp.MustCompile(`(?:[^\s"']+|"[^"]*"|'[^']*')+`)
)

// examplesIn finds the calls of the program in shell lines, each line perhaps
// several commands with redirections and settings of the environment before them.
func examplesIn(where, shell string) []example {
	var found []example
	for line := range strings.Lines(shell) {
		line, _, _ = strings.Cut(" "+line, " #") // a comment
		var calls [][]string
		isCall := false
		for _, word := range words.FindAllString(line, -1) {
			switch {
			case strings.TrimPrefix(word, "./bin/") == "encours":
				calls, isCall = append(calls, nil), true
			case word == "&&" || word == "|" || word == ">" || word == ">>":
				isCall = false
			case isCall:
				calls[len(calls)-1] = append(calls[len(calls)-1], strings.Trim(word, `"'`))
			}
		}
		for _, call := range calls {
			found = append(found, example{where: where + ": " + strings.TrimSpace(line), args: call})
		}
	}
	return found
}

func examples(t *testing.T) []example {
	t.Helper()
	var all []example
	for _, name := range documents(t) {
		for _, block := range fence.FindAllStringSubmatch(text(t, name), -1) {
			all = append(all, examplesIn(name, block[1])...)
		}
	}
	return all
}

// parse finds the command of an example and reads its flags and arguments.
func (e example) parse() (*cobra.Command, error) {
	cmd, rest, err := tree().Find(e.args)
	if err != nil {
		return nil, err
	}
	cmd.InitDefaultHelpFlag()
	if err := cmd.ParseFlags(rest); err != nil {
		return nil, err
	}
	args := cmd.Flags().Args()
	if err := cmd.ValidateArgs(args); err != nil {
		return nil, err
	}
	if cmd.Name() == "report" && len(args) > 0 {
		_, err = reportFormat(cmd, args[0], cmd.Flag("format").Value.String(), cmd.Flag("output").Value.String())
	}
	return cmd, err
}

func TestDocsExamplesParse(t *testing.T) {
	all := examples(t)
	if len(all) < 40 {
		t.Errorf("%d examples found: are the shell blocks still read?", len(all))
	}
	for _, cmd := range commands() {
		if strings.TrimSpace(cmd.Example) == "" {
			t.Errorf("the command %s has no Example", cmd.Name())
		}
		own := examplesIn("Example of "+cmd.Name(), cmd.Example)
		if len(own) == 0 {
			t.Errorf("the Example of %s does not call the program", cmd.Name())
		}
		all = append(all, own...)
	}
	for _, e := range all {
		cmd, err := e.parse()
		switch {
		case err != nil:
			t.Errorf("%s: %v", e.where, err)
		case !cmd.HasParent():
			t.Errorf("%s: no command", e.where)
		}
	}
}

// TestDocsShowEveryCommandAndFlag wants each flag in an example of its command.
func TestDocsShowEveryCommandAndFlag(t *testing.T) {
	shown := map[string]bool{}
	for _, e := range examples(t) {
		cmd, err := e.parse()
		if err != nil {
			continue // told by TestDocsExamplesParse
		}
		shown[cmd.Name()] = true
		cmd.Flags().Visit(func(f *pflag.Flag) { shown[cmd.Name()+" --"+f.Name] = true })
	}
	for _, cmd := range commands() {
		if !shown[cmd.Name()] {
			t.Errorf("no page shows `encours %s`", cmd.Name())
		}
		cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
			if use := cmd.Name() + " --" + f.Name; !shown[use] && f.Name != "help" {
				t.Errorf("no page has an example of `encours %s`", use)
			}
		})
	}
	if !shown["build --project"] {
		t.Error("no page has an example of --project")
	}
}
