package project

// ValidSIREN tells whether s is a SIREN: nine digits of which every second one
// from the right is doubled (less 9 above 9) and whose sum is a multiple of 10
// (Luhn).
func ValidSIREN(s string) bool {
	if len(s) != 9 {
		return false
	}
	sum := 0
	for i := range len(s) {
		digit := int(s[i]) - '0'
		if digit < 0 || digit > 9 {
			return false
		}
		if i%2 == 1 {
			if digit *= 2; digit > 9 {
				digit -= 9
			}
		}
		sum += digit
	}
	return sum > 0 && sum%10 == 0
}
