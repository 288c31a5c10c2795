package push

import (
	"math/big"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// parquetDate reads days since 1970.
func parquetDate(v parquet.Value) any {
	return time.Unix(int64(v.Int32())*24*60*60, 0).UTC()
}

func parquetTimestamp(t *format.TimestampType) func(parquet.Value) any {
	switch t.Unit.Value.(type) {
	case *format.MilliSeconds:
		return func(v parquet.Value) any { return time.UnixMilli(v.Int64()).UTC() }
	case *format.MicroSeconds:
		return func(v parquet.Value) any { return time.UnixMicro(v.Int64()).UTC() }
	}
	return func(v parquet.Value) any { return time.Unix(0, v.Int64()).UTC() }
}

func parquetUnsigned(kind parquet.Kind) func(parquet.Value) any {
	if kind == parquet.Int32 {
		return func(v parquet.Value) any { return int64(uint32(v.Int32())) }
	}
	return func(v parquet.Value) any { return new(big.Int).SetUint64(uint64(v.Int64())).String() }
}

// parquetDecimal reads an unscaled integer as plain decimal text.
func parquetDecimal(kind parquet.Kind, scale int) func(parquet.Value) any {
	if scale < 0 || scale > 76 {
		return nil
	}
	switch kind {
	case parquet.Int32:
		return func(v parquet.Value) any { return decimalText(big.NewInt(int64(v.Int32())), scale) }
	case parquet.Int64:
		return func(v parquet.Value) any { return decimalText(big.NewInt(v.Int64()), scale) }
	case parquet.FixedLenByteArray, parquet.ByteArray:
		return func(v parquet.Value) any {
			raw := v.ByteArray()
			if len(raw) > 64 {
				return strings.Repeat("9", 100) // larger than any field: rejected
			}
			n := new(big.Int).SetBytes(raw) // two's complement, the highest byte first
			if len(raw) > 0 && raw[0]&0x80 != 0 {
				n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(raw))))
			}
			return decimalText(n, scale)
		}
	}
	return nil
}

// decimalText writes unscaled / 10^scale.
func decimalText(unscaled *big.Int, scale int) string {
	digits := new(big.Int).Abs(unscaled).String()
	if missing := scale + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	if scale > 0 {
		digits = digits[:len(digits)-scale] + "." + digits[len(digits)-scale:]
	}
	if unscaled.Sign() < 0 {
		digits = "-" + digits
	}
	return digits
}
