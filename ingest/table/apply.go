package table

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/canonical"
)

// apply sets the fields of a record from a row. The first value that cannot be read
// is a reject.
func (f *File) apply(current *row, record *canonical.Record) *ingest.Reject {
	record.Reset()
	for _, b := range f.bindings {
		if fault := b.set(current, record); fault != nil {
			if len(b.at) > 0 && fault.Column == "" {
				fault.Column = f.Columns[b.at[0]]
			}
			return fault
		}
	}
	for i, at := range f.keep {
		record.SetExtra(i, current.at(at).text)
	}
	if i := record.Missing(); i >= 0 {
		return f.missing(i)
	}
	return nil
}

func (f *File) missing(field int) *ingest.Reject {
	r := &ingest.Reject{Reason: "value.missing", Message: fmt.Sprintf("%s is empty (%s): fill it in, or give a default in the mapping",
		f.fields[field].Name, f.fields[field].Meaning)}
	for _, b := range f.bindings {
		if b.field == field && len(b.at) > 0 {
			r.Column = f.Columns[b.at[0]]
		}
	}
	return r
}

// set sets the field of the binding.
func (b *binding) set(current *row, record *canonical.Record) *ingest.Reject {
	if b.spec.Constant != "" {
		return b.canonical(b.spec.Constant, record)
	}
	c := b.value(current)
	if c.kind == fault {
		return &ingest.Reject{Value: c.text, Reason: "cell.error", Message: fmt.Sprintf("the cell holds an error (%s): correct it, or export values instead of formulas", c.text)}
	}
	c, err := b.transformed(c)
	if err != nil {
		return b.refuse(trim(c.text), "identifier.invalid", "is no identifier of Salesforce: "+err.Error())
	}
	given := trim(c.text)
	if given == "" && b.minus < 0 {
		if b.spec.Default == "" {
			return nil
		}
		return b.canonical(b.spec.Default, record)
	}
	if b.values != nil {
		if to, ok := b.values[sameName(given)]; ok {
			return b.canonical(to, record)
		}
		if b.spec.Otherwise != "" {
			return b.canonical(b.spec.Otherwise, record)
		}
		if !b.spec.AsIs {
			return b.refuse(given, "value.unknown", "is not among the values of the mapping: add it there, or give otherwise")
		}
	}
	if b.spec.BySign.Positive != "" {
		amount, wrong, err := b.amount(c, current)
		if err != nil {
			return b.refuse(trim(wrong.text), "number.invalid", "is not a number, whose sign decides: "+err.Error())
		}
		if strings.HasPrefix(amount, "-") && strings.Trim(amount, "-0.") != "" {
			return b.canonical(b.spec.BySign.Negative, record)
		}
		return b.canonical(b.spec.BySign.Positive, record)
	}
	switch b.column.Kind {
	case canonical.Date:
		return b.setDate(c, record)
	case canonical.Number:
		return b.setNumber(c, current, record)
	case canonical.Bool:
		return b.setBool(c, record)
	}
	return b.result(given, record.SetText(b.field, given))
}

// value is the cell of the field: of its column, or of several, joined.
func (b *binding) value(current *row) cell {
	if len(b.at) == 1 {
		return current.at(b.at[0])
	}
	with := b.spec.With
	switch with {
	case "":
		with = " "
	case "none":
		with = ""
	}
	var parts []string
	for _, at := range b.at {
		c := current.at(at)
		if c.kind == fault {
			return c
		}
		if s := trim(c.text); s != "" {
			parts = append(parts, s)
		}
	}
	return cell{text, strings.Join(parts, with)}
}

// canonical sets a value that the mapping itself gives.
func (b *binding) canonical(value string, record *canonical.Record) *ingest.Reject {
	err := record.SetValue(b.field, value)
	var listed *canonical.ListedError
	if errors.As(err, &listed) {
		return b.unlisted(value, listed)
	}
	if err != nil {
		return b.refuse(value, "mapping.value", "is given by the mapping and does not fit "+b.column.Name+": "+err.Error())
	}
	return nil
}

func (b *binding) unlisted(value string, listed *canonical.ListedError) *ingest.Reject {
	return b.refuse(value, "value.unknown", "is none of "+strings.Join(listed.Allowed, ", ")+": map it by values")
}

func (b *binding) setDate(c cell, record *canonical.Record) *ingest.Reject {
	given := trim(c.text)
	switch c.kind {
	case day:
		return b.result(given, record.SetValue(b.field, given))
	case serial:
		if t, ok := serialDay(given, b.from1904); ok {
			return b.result(given, record.SetDate(b.field, t))
		}
	case boolean:
		return b.refuse(given, "date.invalid", "is not a date")
	}
	if blankDate(given) {
		return nil
	}
	forms := b.dates
	if c.kind != text || len(forms) == 0 {
		forms = append(slices.Clone(forms), compactDate)
	}
	for _, form := range forms {
		if t, ok := form.parse(given); ok {
			return b.result(given, record.SetDate(b.field, t))
		}
	}
	names := make([]string, len(forms))
	for i, form := range forms {
		names[i] = form.text
	}
	return b.refuse(given, "date.invalid", "is not a date written "+strings.Join(names, " or ")+": correct it, or add its form to dates")
}

// compactDate is a date written as a number.
var compactDate = dateFormat{text: "YYYYMMDD", parts: []datePart{{token: "YYYY", fixed: true}, {token: "MM", fixed: true}, {token: "DD"}}}

func (b *binding) setNumber(c cell, current *row, record *canonical.Record) *ingest.Reject {
	signed := false
	if b.spec.Percent != "" {
		c, signed = withoutPercent(c)
	}
	plain, c, err := b.amount(c, current)
	given := trim(c.text)
	if err != nil {
		return b.refuse(given, "number.invalid", fmt.Sprintf("is not a number with %s as decimal mark (%v): correct it, or give decimal and thousands",
			map[string]string{".": "a dot", ",": "a comma"}[b.numbers.decimal], err))
	}
	if plain == "" {
		return nil
	}
	return b.result(given, record.SetNumber(b.field, b.percentOf(plain, signed)))
}

// amount is the number of the field after the rules on its sign; empty where there
// is none. After an error the cell is the one at fault.
func (b *binding) amount(c cell, current *row) (string, cell, error) {
	plain, err := plainNumber(c, b.numbers)
	if err != nil {
		return "", c, err
	}
	if b.minus >= 0 {
		other := current.at(b.minus)
		less, err := plainNumber(other, b.lessNumbers)
		if err != nil {
			return "", other, err
		}
		plain = subtract(plain, less)
	}
	if plain != "" && b.spec.Negate {
		plain = negated(plain)
	}
	if plain != "" && b.when >= 0 && b.whenValues[sameName(current.at(b.when).text)] {
		plain = "-" + strings.TrimPrefix(plain, "-")
	}
	return plain, c, nil
}

// plainNumber is the number in a cell as plain decimal text; empty where it is empty.
func plainNumber(c cell, form numberFormat) (string, error) {
	given := trim(c.text)
	switch {
	case given == "" || c.kind == number || c.kind == serial:
		return given, nil
	case c.kind == text:
		return form.parse(given)
	}
	return "", errNumber
}

func negated(plain string) string {
	if rest, ok := strings.CutPrefix(plain, "-"); ok {
		return rest
	}
	return "-" + plain
}

// subtract is a − b, exactly; an empty one counts as nothing, both give nothing.
func subtract(a, b string) string {
	switch {
	case b == "":
		return a
	case a == "":
		return negated(b)
	}
	x, okX := new(big.Rat).SetString(a)
	y, okY := new(big.Rat).SetString(b)
	if !okX || !okY {
		return ""
	}
	return x.Sub(x, y).FloatString(max(decimals(a), decimals(b)))
}

func decimals(s string) int {
	_, fraction, _ := strings.Cut(s, ".")
	return len(fraction)
}

var yes = []string{"true", "yes", "y", "1", "oui", "o", "vrai", "ja", "j", "wahr", "x"}
var no = []string{"false", "no", "n", "0", "non", "faux", "nein", "falsch"}

func (b *binding) setBool(c cell, record *canonical.Record) *ingest.Reject {
	switch given := fold(trim(c.text)); {
	case slices.Contains(yes, given):
		record.SetBool(b.field, true)
	case slices.Contains(no, given):
		record.SetBool(b.field, false)
	default:
		return b.refuse(trim(c.text), "boolean.invalid", "is neither yes nor no: map it to true or false by values")
	}
	return nil
}

// result makes a reject of an error of a record.
func (b *binding) result(given string, err error) *ingest.Reject {
	var listed *canonical.ListedError
	switch {
	case errors.As(err, &listed):
		return b.unlisted(given, listed)
	case err == nil:
		return nil
	case errors.Is(err, canonical.ErrTooLarge):
		return b.refuse(given, "number.range", fmt.Sprintf("has more than %d digits before the decimal mark: correct it", b.column.Digits-b.column.Scale))
	case errors.Is(err, canonical.ErrWhole):
		return b.refuse(given, "number.whole", "is not a whole number, which is needed here: correct it")
	case errors.Is(err, canonical.ErrDate):
		return b.refuse(given, "date.invalid", "is not a date")
	}
	return b.refuse(given, "number.invalid", "cannot be read: "+err.Error())
}

// refuse words a reject: what says what is wrong with the value and what to do.
func (b *binding) refuse(given, reason, what string) *ingest.Reject {
	given = ingest.Cut(given, 4096)
	return &ingest.Reject{Value: given, Reason: reason, Message: fmt.Sprintf("%s: %q %s", b.column.Name, ingest.Cut(given, 80), what)}
}
