//go:build duckdb_arrow

package push

import (
	"encoding/binary"
	"math"
)

// The library believes every length that the metadata of a message gives, and an
// allocation that is too large ends the program. So the frames of a stream and the
// vectors of their metadata (flatbuffers, laid out by Message.fbs and Schema.fbs of
// Apache Arrow) are measured before it sees them. An index out of range panics,
// which refuses the message.

// arrowFrames returns the part of body that is a stream, up to its end mark.
func arrowFrames(body []byte, limits Limits) ([]byte, error) {
	const continuation = 0xFFFFFFFF
	for at := 0; at < len(body); {
		if uint32At(body, at) != continuation {
			return nil, errFrames
		}
		size := int(uint32At(body, at+4))
		at += 8
		if size == 0 {
			return body[:at], nil
		}
		if size > len(body)-at {
			return nil, errFrames
		}
		message := root(body[at : at+size])
		at += size
		length := message.int64(3)
		if length < 0 || length > int64(len(body)-at) {
			return nil, errFrames
		}
		at += int(length)
		if err := checkMessage(message, limits); err != nil {
			return nil, err
		}
	}
	return body, nil
}

// errFrames refuses a stream whose lengths cannot be true.
var errFrames = refuse("arrow.invalid", "this is not a whole Arrow message of the present format: it is damaged or was cut off")

// checkMessage measures the metadata of one message.
func checkMessage(message table, limits Limits) error {
	const schema, dictionary, records = 1, 2, 3
	if !message.fits(4, 4) {
		return errFrames
	}
	switch message.uint8(1) {
	case schema:
		return checkArrowSchema(message.table(2))
	case dictionary:
		return checkRecords(message.table(2).table(1), limits.MaxBytes)
	case records:
		batch := message.table(2)
		if batch.int64(0) > limits.MaxRows {
			return refuse(CodeTooLarge, "the message has more than %d records: send it in parts, or raise push.max_rows in encours.yaml", limits.MaxRows)
		}
		return checkRecords(batch, limits.MaxRows)
	}
	return errFrames
}

func checkArrowSchema(schema table) error {
	if !schema.fits(1, 4) || !schema.fits(2, 4) || !schema.fits(3, 8) {
		return errFrames
	}
	start, count := schema.vector(1)
	for i := range count {
		field := schema.follow(start + 4*i)
		if !field.fits(0, 1) || !field.fits(5, 4) || !field.fits(6, 4) {
			return errFrames
		}
		if _, children := field.vector(5); children > 0 {
			return refuse("arrow.type", "a column holds lists or objects, which are not read here: send one value per record and column")
		}
	}
	return nil
}

// checkRecords measures a batch whose arrays have at most so many values.
func checkRecords(batch table, most int64) error {
	const nodeSize, bufferSize = 16, 16
	if !batch.fits(1, nodeSize) || !batch.fits(2, bufferSize) || !batch.fits(4, 8) {
		return errFrames
	}
	if length := batch.int64(0); length < 0 || length > most {
		return errFrames
	}
	start, count := batch.vector(1)
	for i := range count {
		if length := int64At(batch.data, start+nodeSize*i); length < 0 || length > most {
			return errFrames
		}
	}
	start, count = batch.vector(2)
	for i := range count {
		offset, length := int64At(batch.data, start+bufferSize*i), int64At(batch.data, start+bufferSize*i+8)
		if offset < 0 || length < 0 || length > math.MaxInt32 || offset > math.MaxInt32 {
			return errFrames
		}
	}
	return nil
}

// table is a table of a flatbuffer.
type table struct {
	data []byte
	at   int
}

func root(data []byte) table { return table{data, int(uint32At(data, 0))} }

// field is where a field stands, 0 where it has its default.
func (t table) field(slot int) int {
	layout := t.at - int(int32(uint32At(t.data, t.at)))
	entry := 4 + 2*slot
	if entry >= int(binary.LittleEndian.Uint16(t.data[layout:])) {
		return 0
	}
	offset := int(binary.LittleEndian.Uint16(t.data[layout+entry:]))
	if offset == 0 {
		return 0
	}
	return t.at + offset
}

func (t table) uint8(slot int) uint8 {
	if at := t.field(slot); at != 0 {
		return t.data[at]
	}
	return 0
}

func (t table) int64(slot int) int64 {
	if at := t.field(slot); at != 0 {
		return int64At(t.data, at)
	}
	return 0
}

func (t table) table(slot int) table { return t.follow(t.field(slot)) }

// follow is the table that the offset at a place leads to.
func (t table) follow(at int) table { return table{t.data, at + int(uint32At(t.data, at))} }

// vector is where the elements of a vector begin, and how many it says it has.
func (t table) vector(slot int) (start, count int) {
	at := t.field(slot)
	if at == 0 {
		return 0, 0
	}
	start = at + int(uint32At(t.data, at))
	return start + 4, int(uint32At(t.data, start))
}

// fits says whether a vector of elements of a size lies within the buffer.
func (t table) fits(slot, size int) bool {
	start, count := t.vector(slot)
	return count <= (len(t.data)-start)/size
}

func uint32At(data []byte, at int) uint32 { return binary.LittleEndian.Uint32(data[at:]) }

func int64At(data []byte, at int) int64 { return int64(binary.LittleEndian.Uint64(data[at:])) }
