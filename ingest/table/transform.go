package table

import (
	"errors"
	"math/big"
	"regexp"
	"strings"
)

// How the column of a share is written.
const (
	percentNumber   = "number"   // 20 or 20 % is twenty per cent
	percentFraction = "fraction" // 0.2 or 20 % is twenty per cent
)

// transformed is the text of a cell after the transforms of the column that do not
// depend on the type of the field. The error says what is wrong with it.
func (b *binding) transformed(c cell) (cell, error) {
	if b.spec.Before != "" {
		before, _, _ := strings.Cut(trim(c.text), b.spec.Before)
		c.text = trim(before)
	}
	if b.spec.SalesforceID {
		id, err := SalesforceID(trim(c.text))
		if err != nil {
			return c, err
		}
		c.text = id
	}
	if b.spec.Exponent && c.kind == text {
		if plain, ok := withoutExponent(trim(c.text)); ok {
			c = cell{number, plain}
		}
	}
	return c, nil
}

var errSalesforceCase = errors.New("its last three characters say that a digit is a capital letter: copy the identifier again, it is mistyped")

// salesforceSuffix holds the 32 characters of the suffix by their value.
const salesforceSuffix = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"

// SalesforceID is an identifier of Salesforce in its form of 18 characters, which
// does not depend on capital letters: to the 15 it adds one character per group of
// five, whose value has a bit for each capital letter, the first character of the
// group being the lowest. Of one that already has 18, the suffix puts back the
// capital letters that a program lost; a suffix that would make a digit a capital is an
// error. The empty identifier 000000000000000AAA is no identifier; any other text
// stays as it is.
// Source: Salesforce, "What are the differences between 15 and 18 character IDs".
func SalesforceID(id string) (string, error) {
	if len(id) != 15 && len(id) != 18 || !alphanumeric(id) {
		return id, nil
	}
	if strings.HasPrefix(id, "000000000000000") {
		return "", nil
	}
	if len(id) == 15 {
		return id + capitals(id), nil
	}
	suffix := strings.ToUpper(id[15:])
	base := []byte(id[:15])
	for group := range 3 {
		mask := strings.IndexByte(salesforceSuffix, suffix[group])
		if mask < 0 {
			return id, nil
		}
		for i := range 5 {
			at := group*5 + i
			letter := base[at] >= 'A' && base[at] <= 'Z' || base[at] >= 'a' && base[at] <= 'z'
			switch {
			case mask>>i&1 == 1 && !letter:
				return "", errSalesforceCase
			case !letter:
			case mask>>i&1 == 1:
				base[at] &^= 0x20
			default:
				base[at] |= 0x20
			}
		}
	}
	return string(base) + suffix, nil
}

// capitals is the suffix of the 15 characters.
func capitals(id string) string {
	var suffix [3]byte
	for group := range suffix {
		mask := 0
		for i := range 5 {
			if c := id[group*5+i]; c >= 'A' && c <= 'Z' {
				mask |= 1 << i
			}
		}
		suffix[group] = salesforceSuffix[mask]
	}
	return string(suffix[:])
}

func alphanumeric(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

// exponentForm is a number as Java writes a large one: 6.0E7.
var exponentForm = regexp.MustCompile(`^[+-]?[0-9](?:\.[0-9]{1,17})?[eE][+-]?[0-9]{1,2}$`)

// withoutExponent writes a number with an exponent as plain decimal text, exactly.
func withoutExponent(s string) (string, bool) {
	if !exponentForm.MatchString(s) {
		return "", false
	}
	n, ok := new(big.Rat).SetString(s)
	if !ok {
		return "", false
	}
	places, exact := n.FloatPrec()
	return n.FloatString(places), exact
}

// percentOf turns what stands in a column of shares into per cent: given is the cell
// without its sign %, plain its number.
func (b *binding) percentOf(plain string, signed bool) string {
	if plain == "" || signed || b.spec.Percent != percentFraction {
		return plain
	}
	n, ok := new(big.Rat).SetString(plain)
	if !ok {
		return plain
	}
	return n.Mul(n, big.NewRat(100, 1)).FloatString(decimals(plain))
}

// withoutPercent takes the sign % off the end of a text.
func withoutPercent(c cell) (cell, bool) {
	if c.kind != text {
		return c, false
	}
	rest, signed := strings.CutSuffix(trim(c.text), "%")
	if signed {
		c.text = trim(rest)
	}
	return c, signed
}
