package fec

import (
	"encoding/binary"
	"fmt"
)

// day is a calendar date as the number YYYYMMDD, so that days compare as
// numbers; zero is no date.
type day int32

func (d day) append(out []byte) []byte {
	y, m, n := byte(d/10000%100), byte(d/100%100), byte(d%100)
	c := byte(d / 1000000)
	return append(out,
		'0'+c/10, '0'+c%10, '0'+y/10, '0'+y%10, '-',
		'0'+m/10, '0'+m%10, '-', '0'+n/10, '0'+n%10)
}

const (
	swarZero = 0x3030303030303030
	swarHigh = 0x8080808080808080
	swarLow7 = 0x7F7F7F7F7F7F7F7F
	swarOnes = 0x0101010101010101
)

// eightDigits reads eight ASCII digits as a number.
func eightDigits(b []byte) (int32, bool) {
	w := binary.LittleEndian.Uint64(b)
	d := w ^ swarZero // digits become 0..9, anything else at least 10
	if ((d+0x7676767676767676)|d)&swarHigh != 0 {
		return 0, false
	}
	d = d * (10<<8 + 1) >> 8 & 0x00FF00FF00FF00FF
	d = d * (100<<16 + 1) >> 16 & 0x0000FFFF0000FFFF
	return int32(d * (10000<<32 + 1) >> 32), true
}

// parseDay reads a date. The legal form is AAAAMMJJ; AAAA-MM-JJ and JJ-MM-AAAA
// are also taken, with - / or . as mark, and each may be followed by a time of
// day, which is dropped. The field is trimmed already. A field of nothing but spaces, 0, -, / and . is no
// date: zero, and no error. problem is empty for a good date, else the words
// that complete `"…" is not a date: `.
func parseDay(b []byte) (d day, problem string) {
	if len(b) == 8 {
		if n, ok := eightDigits(b); ok {
			if n == 0 {
				return 0, ""
			}
			return checkDay(int(n/10000), int(n/100%100), int(n%100))
		}
	}
	if blankDate(b) {
		return 0, ""
	}
	y, m, n, rest, ok := dateParts(b)
	if !ok || !validTime(rest) {
		return 0, "the expected form is AAAAMMJJ, such as 20241231"
	}
	return checkDay(y, m, n)
}

func blankDate(b []byte) bool {
	for _, c := range b {
		switch c {
		case ' ', '0', '-', '/', '.':
		default:
			return false
		}
	}
	return true
}

// dateParts splits a date of any accepted form from what follows it.
func dateParts(b []byte) (y, m, d int, rest []byte, ok bool) {
	isMark := func(i, j int) bool {
		return b[i] == b[j] && (b[i] == '-' || b[i] == '/' || b[i] == '.')
	}
	switch {
	case len(b) >= 10 && isMark(4, 7):
		y, m, d = digits(b[:4]), digits(b[5:7]), digits(b[8:10])
		rest = b[10:]
	case len(b) >= 10 && isMark(2, 5):
		d, m, y = digits(b[:2]), digits(b[3:5]), digits(b[6:10])
		rest = b[10:]
	case len(b) >= 8:
		y, m, d = digits(b[:4]), digits(b[4:6]), digits(b[6:8])
		rest = b[8:]
	default:
		return 0, 0, 0, nil, false
	}
	return y, m, d, rest, y >= 0 && m >= 0 && d >= 0
}

// digits reads a short run of digits; -1 where another character stands in it.
func digits(b []byte) int {
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// validTime tells whether what follows a date is nothing or a time of day:
// [T ]HH:MM[:SS[.fraction]][Z|±HH[:]MM].
func validTime(b []byte) bool {
	if len(b) == 0 {
		return true
	}
	if len(b) < 6 || (b[0] != 'T' && b[0] != ' ') {
		return false
	}
	b = b[1:]
	for len(b) > 0 && b[0] == ' ' {
		b = b[1:]
	}
	pair := func(most int) bool {
		if len(b) < 2 {
			return false
		}
		n := digits(b[:2])
		b = b[2:]
		return n >= 0 && n <= most
	}
	skip := func(c byte) bool {
		if len(b) == 0 || b[0] != c {
			return false
		}
		b = b[1:]
		return true
	}
	if !pair(23) || !skip(':') || !pair(59) {
		return false
	}
	if skip(':') {
		if !pair(60) {
			return false
		}
		if skip('.') || skip(',') {
			n := len(b)
			for len(b) > 0 && b[0] >= '0' && b[0] <= '9' {
				b = b[1:]
			}
			if len(b) == n {
				return false
			}
		}
	}
	switch {
	case len(b) == 0 || skip('Z'):
	case skip('+') || skip('-'):
		if !pair(23) {
			return false
		}
		skip(':')
		if !pair(59) {
			return false
		}
	}
	return len(b) == 0
}

func checkDay(y, m, d int) (day, string) {
	switch {
	case m < 1 || m > 12:
		return 0, fmt.Sprintf("there is no month %02d (dates are read year first as AAAAMMJJ, or day first as JJ/MM/AAAA)", m)
	case y < 1900 || y > 2099:
		return 0, fmt.Sprintf("the year %04d is outside 1900 to 2099", y)
	case d < 1 || d > daysIn(y, m):
		return 0, fmt.Sprintf("there is no day %02d in month %02d of %04d", d, m, y)
	}
	return day(y*10000 + m*100 + d), ""
}

func daysIn(y, m int) int {
	switch m {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}
