-- Documents whose receivables are sold to a factor or discounted, from the files of encours.yaml.
-- key: source_file, source_line
create table project_factored_documents (
    source_file varchar not null,           -- file, as encours.yaml names it
    source_line integer not null,           -- line of the file
    entity_id varchar not null,             -- entity of the document
    counterparty_id varchar,                -- code of the customer, null: found by the document
    document_ref varchar not null,          -- number of the document
    factored_on date not null,              -- day it was sold
    returned_on date                        -- day it came back, null: it has not
);
