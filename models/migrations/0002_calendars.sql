-- An organization's own days over the public ones; a year without a row has none of its own.
CREATE TABLE organization_calendar (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  organization_id uuid NOT NULL REFERENCES organization,
  year integer NOT NULL CHECK (year BETWEEN 2000 AND 2200),
  holidays date[] NOT NULL DEFAULT '{}',
  working_weekends date[] NOT NULL DEFAULT '{}',
  CONSTRAINT organization_calendar_year UNIQUE (organization_id, year)
);

-- Since when the version of the rules is in force: from then on the grace is counted.
ALTER TABLE pool ADD COLUMN ruled_at timestamptz NOT NULL DEFAULT now();
