package fec

import "encoding/binary"

// byteEvidence counts the bytes from 0x80 up by what stands around them, and
// how they fare as UTF-8.
type byteEvidence struct {
	high      int64                        // bytes from 0x80
	sequences int64                        // well-formed UTF-8 characters of several bytes
	broken    int64                        // byte runs that are not UTF-8
	around    [128][classes][classes]int64 // by byte, class before, class after
	sample    []byte                       // the first of them with its neighbours
	utf8      utf8State
	before    byte
}

// scan reads a block; words of eight ASCII bytes are passed over at once.
func (e *byteEvidence) scan(b []byte) {
	if len(b) == 0 {
		return
	}
	i := 0
	for i < len(b) {
		if e.utf8.need == 0 {
			i += asciiPrefix(b[i:])
			if i == len(b) {
				break
			}
		}
		c := b[i]
		e.count(e.utf8.step(c))
		if c >= 0x80 {
			e.note(b, i)
		}
		i++
	}
	e.before = b[len(b)-1]
}

// flush accounts for a character that the end of the file cuts.
func (e *byteEvidence) flush() {
	if e.utf8.need > 0 {
		e.broken++
	}
}

func (e *byteEvidence) count(done, broken bool) {
	if done {
		e.sequences++
	}
	if broken {
		e.broken++
	}
}

func (e *byteEvidence) note(b []byte, i int) {
	before, after := e.before, byte(0)
	if i > 0 {
		before = b[i-1]
	}
	if i+1 < len(b) {
		after = b[i+1]
	}
	e.around[b[i]-0x80][classOf(before)][classOf(after)]++
	if e.high == 0 {
		e.sample = append(e.sample, b[max(0, i-12):min(len(b), i+12)]...)
	}
	e.high++
}

// asciiPrefix counts the bytes below 0x80 that b starts with.
func asciiPrefix(b []byte) int {
	i := 0
	for ; i+32 <= len(b); i += 32 {
		p := b[i : i+32 : i+32]
		w := binary.LittleEndian.Uint64(p) | binary.LittleEndian.Uint64(p[8:]) |
			binary.LittleEndian.Uint64(p[16:]) | binary.LittleEndian.Uint64(p[24:])
		if w&swarHigh != 0 {
			break
		}
	}
	for ; i < len(b) && b[i] < 0x80; i++ {
	}
	return i
}

// utf8State follows a UTF-8 character across blocks.
type utf8State struct {
	need      int  // bytes still to come
	low, high byte // bounds of the next one
}

// step takes one byte; done tells that it ends a character of several bytes,
// broken that a character was cut short or that the byte starts none.
func (u *utf8State) step(c byte) (done, broken bool) {
	if u.need > 0 {
		if c >= u.low && c <= u.high {
			u.need--
			u.low, u.high = 0x80, 0xBF
			return u.need == 0, false
		}
		u.need = 0
		broken = true
	}
	u.low, u.high = 0x80, 0xBF
	switch {
	case c < 0x80:
	case c >= 0xC2 && c <= 0xDF:
		u.need = 1
	case c >= 0xE0 && c <= 0xEF:
		u.need = 2
		if c == 0xE0 {
			u.low = 0xA0
		} else if c == 0xED {
			u.high = 0x9F
		}
	case c >= 0xF0 && c <= 0xF4:
		u.need = 3
		if c == 0xF0 {
			u.low = 0x90
		} else if c == 0xF4 {
			u.high = 0x8F
		}
	default:
		broken = true
	}
	return false, broken
}
