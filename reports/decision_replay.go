package reports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// FieldDifference is a field of an answer that comes out otherwise when the decision
// is made again.
type FieldDifference struct {
	Field string // its name in JSON; a part of inputs or versions as inputs.score
	Then  string
	Now   string
	Equal bool
}

// CompareAnswers compares two answers field by field, by name. Nothing is rounded: a
// field is equal where it is written alike.
func CompareAnswers(then, now DecisionAnswer) ([]FieldDifference, error) {
	before, err := flatten(then)
	if err != nil {
		return nil, err
	}
	after, err := flatten(now)
	if err != nil {
		return nil, err
	}
	var list []FieldDifference
	for _, name := range slices.Sorted(maps.Keys(before)) {
		list = append(list, FieldDifference{Field: name, Then: before[name], Now: after[name], Equal: before[name] == after[name]})
	}
	return list, nil
}

// flatten names each value of an answer by its path.
func flatten(answer DecisionAnswer) (map[string]string, error) {
	text, err := json.Marshal(answer)
	if err != nil {
		return nil, fmt.Errorf("write answer: %w", err)
	}
	reader := json.NewDecoder(bytes.NewReader(text))
	reader.UseNumber()
	var tree map[string]any
	if err := reader.Decode(&tree); err != nil {
		return nil, fmt.Errorf("read answer: %w", err)
	}
	flat := map[string]string{}
	var walk func(prefix string, value any)
	walk = func(prefix string, value any) {
		branch, ok := value.(map[string]any)
		if !ok {
			if value == nil {
				value = "-"
			}
			flat[prefix] = fmt.Sprint(value)
			return
		}
		for name, part := range branch {
			if prefix != "" {
				name = prefix + "." + name
			}
			walk(name, part)
		}
	}
	walk("", tree)
	return flat, nil
}
