package push

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"

	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// checkPages walks the pages of a file and unpacks each within the budget before
// the library does it without one: what a page says of its size must be true, and
// all pages together must stay below limits.MaxBytes.
func checkPages(file *parquet.File, body []byte, limits Limits) error {
	budget := limits.MaxBytes
	for _, group := range file.Metadata().RowGroups {
		for _, chunk := range group.Columns {
			meta := chunk.MetaData
			start := meta.DataPageOffset
			if d := meta.DictionaryPageOffset; d > 0 && d < start {
				start = d
			}
			end := start + meta.TotalCompressedSize
			if start < 0 || end < start || end > int64(len(body)) {
				return errPages
			}
			if err := checkChunk(body[start:end], meta, group.NumRows, &budget); err != nil {
				return err
			}
		}
	}
	return nil
}

// errPages refuses a file whose pages are not what they say.
var errPages = refuse("parquet.invalid", "the pages of the file are not what they say: it is damaged")

func checkChunk(pages []byte, meta format.ColumnMetaData, rows int64, budget *int64) error {
	var protocol thrift.CompactProtocol
	var values int64
	for len(pages) > 0 && values < rows {
		reader := protocol.NewReaderFromBytes(pages)
		var header format.PageHeader
		if err := thrift.NewDecoder(reader).Decode(&header); err != nil {
			return errPages
		}
		read := reader.BytesRead()
		packed, size := int64(header.CompressedPageSize), int64(header.UncompressedPageSize)
		if read <= 0 || read > len(pages) || packed < 0 || size < 0 || packed > int64(len(pages)-read) {
			return errPages
		}
		page := pages[read : int64(read)+packed]
		pages = pages[int64(read)+packed:]
		if *budget -= size; *budget < 0 {
			return budgetRefusal()
		}
		codec := meta.Codec
		switch {
		case header.DataPageHeader.Valid:
			values += int64(header.DataPageHeader.V.NumValues)
		case header.DataPageHeaderV2.Valid:
			h := header.DataPageHeaderV2.V
			values += int64(h.NumValues)
			levels := int64(h.DefinitionLevelsByteLength) + int64(h.RepetitionLevelsByteLength)
			if h.DefinitionLevelsByteLength < 0 || h.RepetitionLevelsByteLength < 0 || levels > packed || levels > size {
				return errPages
			}
			page, size = page[levels:], size-levels
			if h.IsCompressed.Valid && !h.IsCompressed.V {
				codec = format.Uncompressed
			}
		case header.DictionaryPageHeader.Valid && int64(header.DictionaryPageHeader.V.NumValues) > size+1:
			return errPages // every entry takes a byte
		}
		if err := checkUnpacked(codec, page, size); err != nil {
			return err
		}
	}
	if values != rows {
		return errPages
	}
	return nil
}

func budgetRefusal() error {
	return refuse(CodeTooLarge, "the message unpacks to more than push.max_body of encours.yaml allows: send it in parts")
}

// checkUnpacked refuses a page that does not unpack to exactly size bytes.
func checkUnpacked(codec format.CompressionCodec, page []byte, size int64) error {
	if len(page) == 0 && size == 0 {
		return nil
	}
	var unpacked int64
	switch codec {
	case format.Uncompressed:
		unpacked = int64(len(page))
	case format.Snappy:
		declared, n := binary.Uvarint(page) // what the library allocates
		if n <= 0 || declared > uint64(size) {
			return errPages
		}
		unpacked = int64(declared)
	case format.Gzip:
		reader, err := gzip.NewReader(bytes.NewReader(page))
		if err != nil {
			return errPages
		}
		unpacked, err = io.Copy(io.Discard, io.LimitReader(reader, size+1))
		if err := errors.Join(err, reader.Close()); err != nil {
			return errPages
		}
	case format.Zstd:
		reader, err := zstd.NewReader(bytes.NewReader(page), zstd.WithDecoderConcurrency(1),
			zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return errPages
		}
		unpacked, err = io.Copy(io.Discard, io.LimitReader(reader, size+1))
		reader.Close()
		if err != nil {
			return errPages
		}
	default:
		return refuse("parquet.compression", "the file is compressed by %s: compress it by snappy, gzip or zstd, or not at all", codec)
	}
	if unpacked != size {
		return errPages
	}
	return nil
}

// maxWindow is how far back a zstd page may refer: what encoders use by default.
const maxWindow = 32 << 20
