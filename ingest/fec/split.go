package fec

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// Marks of a line that cannot be copied as it is.
const (
	dirtyHigh    = 1 << iota // bytes from 0x80
	dirtyControl             // control characters other than the separator
)

// splitFields cuts a line at each separator, eight bytes at a time. It stores
// at most cap(dst) fields and returns how many there are; dirty tells which
// bytes need care. Nothing is copied: the fields are parts of line.
func splitFields(dst [][]byte, line []byte, sep byte) (fields [][]byte, count int, dirty int) {
	dst = dst[:0]
	pattern := swarOnes * uint64(sep)
	var high, control uint64
	start, i := 0, 0
	for ; i+8 <= len(line); i += 8 {
		w := binary.LittleEndian.Uint64(line[i:])
		x := w ^ pattern
		found := ^((x&swarLow7 + swarLow7) | x) & swarHigh
		high |= w
		control |= ^((w&swarLow7 + 0x6060606060606060) | w) & swarHigh &^ found
		for ; found != 0; found &= found - 1 {
			at := i + bits.TrailingZeros64(found)>>3
			if len(dst) < cap(dst) {
				dst = append(dst, line[start:at])
			}
			count++
			start = at + 1
		}
	}
	for ; i < len(line); i++ {
		c := line[i]
		switch {
		case c == sep:
			if len(dst) < cap(dst) {
				dst = append(dst, line[start:i])
			}
			count++
			start = i + 1
		case c >= 0x80:
			high |= swarHigh
		case c < 0x20:
			control |= swarHigh
		}
	}
	if len(dst) < cap(dst) {
		dst = append(dst, line[start:])
	}
	if high&swarHigh != 0 {
		dirty |= dirtyHigh
	}
	if control != 0 {
		dirty |= dirtyControl
	}
	return dst, count + 1, dirty
}

var narrowSpace = []byte("\u202F") // narrow no-break space

// trimText takes the spaces, no-break spaces of both widths included, off both
// ends.
func trimText(b []byte) []byte {
	for len(b) > 0 {
		switch last := len(b) - 1; {
		case b[0] == ' ':
			b = b[1:]
		case b[last] == ' ':
			b = b[:last]
		case b[0] == 0xC2 && len(b) > 1 && b[1] == 0xA0:
			b = b[2:]
		case b[last] == 0xA0 && last > 0 && b[last-1] == 0xC2:
			b = b[:last-1]
		case bytes.HasPrefix(b, narrowSpace):
			b = b[len(narrowSpace):]
		case bytes.HasSuffix(b, narrowSpace):
			b = b[:len(b)-len(narrowSpace)]
		default:
			return b
		}
	}
	return b
}
