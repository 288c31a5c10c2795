package table

import (
	"embed"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
)

//go:embed presets/*.yaml
var presetFiles embed.FS

// Preset is a shipped mapping of the export of a program.
type Preset struct {
	Name    string `yaml:"-"`
	Meaning string `yaml:"meaning"` // one line: what export it reads
	Spec    `yaml:",inline"`
}

// Presets reads those that are shipped, by name.
func Presets() ([]Preset, error) {
	entries, err := presetFiles.ReadDir("presets")
	if err != nil {
		return nil, fmt.Errorf("read presets: %w", err)
	}
	var all []Preset
	for _, entry := range entries {
		text, err := presetFiles.ReadFile("presets/" + entry.Name())
		if err != nil {
			return nil, fmt.Errorf("read preset: %w", err)
		}
		p := Preset{Name: strings.TrimSuffix(entry.Name(), ".yaml")}
		if err := yaml.UnmarshalWithOptions(text, &p, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("read preset %q: %w", entry.Name(), err)
		}
		if err := p.check(); err != nil {
			return nil, fmt.Errorf("preset %q: %w", p.Name, err)
		}
		all = append(all, p)
	}
	return all, nil
}

// FindPreset is the preset of that name.
func FindPreset(name string) (Preset, error) {
	all, err := Presets()
	if err != nil {
		return Preset{}, err
	}
	names := make([]string, len(all))
	for i, p := range all {
		if p.Name == name {
			return p, nil
		}
		names[i] = p.Name
	}
	return Preset{}, fmt.Errorf("there is no preset %q; the presets are: %s", name, strings.Join(names, ", "))
}
