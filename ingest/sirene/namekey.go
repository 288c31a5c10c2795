package sirene

// NameMacros are SQL macros of DuckDB that make names comparable; they are made on a
// connection before it is asked for name keys. name_words writes a name as capital
// words without accents and signs, initials joined; name_key takes legal forms off both
// ends, never all of it; name_token_set sorts its words.
const NameMacros = `
create or replace temp macro name_words(x) as
    -- most names of the register are plain words already, which costs a tenth to find out
    case when regexp_full_match(x, '[A-Z0-9]{2,}(?: [A-Z0-9]{2,})*') and not regexp_matches(x, '(?:^| )STE? ') then x
    else trim(replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
        -- a legal form in initials is a word of its own
        regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(trim(regexp_replace(
        replace(replace(replace(upper(strip_accents(x)), '&', ' ET '), 'Œ', 'OE'), 'Æ', 'AE'), '[^A-Z0-9]+', ' ', 'g')),
        '(^| )([SE]) ([AU]) R L( |$)', '\1\2\3RL\4'), '(^| )S A S U( |$)', '\1SASU\2'), '(^| )S A S( [A-Z0-9]{2}|$)', '\1SAS\2'),
        '(^| )S N C( [A-Z0-9]{2}|$)', '\1SNC\2'), '(^| )S C I( [A-Z0-9]{2}|$)', '\1SCI\2'),
        '\b([A-Z])\b ', '\1.', 'g'), '\.([A-Z])\b', '\1', 'g'),
        '(^| )ST ([A-Z])', '\1SAINT \2', 'g'), '([A-Z0-9]) STE ([A-Z])', '\1 SAINTE \2', 'g'), '.', ' ')) end;
create or replace temp macro name_key(x) as
    regexp_replace(regexp_replace(name_words(x), '^(?:(?:` + legalForms + `) )+', ''), '(?: (?:` + legalForms + `))+$', '');
create or replace temp macro name_token_set(x) as
    array_to_string(list_sort(list_distinct(string_split(name_key(x), ' '))), ' ');
`

// legalForms are those that names carry at one of their ends, as name_words writes them.
const legalForms = `SA|SAS|SASU|SARL|EURL|SNC|SCS|SCA|SCI|SCP|SCM|SCOP|SELARL|SELAS|SELASU|EARL|GAEC|SCEA|GIE|GEIE|EI|EIRL|` +
	`ETS|ETABLISSEMENTS|STE|SOCIETE|SOC|CIE|COMPAGNIE|ENTREPRISE|ENT|ASSOCIATION|ASSO|HOLDING|` +
	`GMBH|AG|KG|LTD|LIMITED|PLC|LLC|INC|CORP|BV|NV|SPRL|SRL|SPA|SL|AB|OY|AS`

// LegalForms are the words that name_key takes off, separated by |.
func LegalForms() string { return legalForms }
