namespace TimeBank.Cli;

/// <summary>What people are told about the files that can be imported: the columns of each, in words.</summary>
internal static class ImportHelp
{
    private const string Numbered = "  number           1 to 64 letters, digits and inner . _ / -, unlike any other number in the bank";
    private const string Keyed = "  key              makes the line unique for good: the same key is never imported twice, in whichever file it stands";

    public const string Members = $"""
        Open accounts for the members of a CSV file, with their numbers and memberships: UTF-8, commas, a header.

        Columns, in any order; the first two must be there:
        {Numbered}
          name             up to 200 characters
          email            where they are written to
          telephone        as they write it
          address          up to 500 characters
          languages        ISO 639 codes with spaces between, such as en so
          neighbourhood    a-z, 0-9 and hyphens
          categories       of the help that they give: codes of a-z, 0-9 and hyphens, with spaces between
          times            such as mondayMorning saturdayAfternoon
          reach            telephone, paper, email or program: best first, with spaces between
          willing          hoursAWeek, hoursAMonth or notNow
          how              page, telephone, paper or invited; invited if left out
          agreement        the version of the bank's agreement to which they agreed: with it they are members at once
          agreedOn         YYYY-MM-DD; today if left out
          bornIn           the year, of who may be under 18: kept is only until when they are; members once a guardian has agreed
        {Keyed}
        """;

    public const string Projects = $"""
        Open accounts for the projects of a CSV file: UTF-8, commas, a header.

        Columns, in any order; the first must be there:
          name             up to 200 characters
        {Numbered}
          kind             project, provider or pot; project if left out
          neighbourhood    a-z, 0-9 and hyphens
          floor, ceiling   whole minutes; the bank's policy if left out
        {Keyed}
        """;

    public const string Listings = $"""
        Post the offers and requests of a CSV file: UTF-8, commas, a header.

        Columns, in any order; the first four must be there:
          account          an account's id, its number, or its exact name if only one account of the bank has it
          kind             offer or request
          category         a-z, 0-9 and hyphens
          title            up to 120 characters
          description      up to 2,000 characters
          place            in words
          neighbourhood    a-z, 0-9 and hyphens; where the account belongs if left out
          times            such as mondayMorning saturdayAfternoon
          about            whole minutes that it takes
          public           yes or no; no if left out
          expires          YYYY-MM-DD; 90 days from now if left out
        {Keyed}
        """;

    public const string Transfers = $"""
        Post the transfers of a CSV file: UTF-8, commas, a header.

        Columns, in any order; the first four must be there:
          kind             exchange, earn, spend, refund, gift, grant, forgive or adjust
          payer, payee     an account's id, its number, or its exact name if only one account of the bank has it; 'issuer' is the bank's issuer
          minutes          whole minutes, such as 90
          occurred         the date of the help, YYYY-MM-DD; today if left out (needed with --history)
          category         a-z, 0-9 and hyphens
          memo             up to 500 characters
          clientReference  your own reference, up to 255 characters
        {Keyed}

        With --format timeoverflow the columns are those that TimeOverflow writes, and all is history:
          source_id, source_type, destination_id, destination_type, amount, created_at, reason, post_id, and key if you add it
        A Member's id is looked up among the numbers of accounts; an Organization's among them as organization-ID, and without
        such a number it is the bank's issuer. The amount is in seconds: what is not whole minutes is an error, unless --round
        makes it the nearest (at least one); what that changes is listed for each account.
        """;

    public const string All = """


        Columns that exports and rejects files add are passed over. An apostrophe before =, +, -, @ is left out, as spreadsheets do.

        First the whole file is checked. If anything is wrong, every error is shown with its line and nothing is done.
        Then the lines are done in their order. What the rules of the bank refuse goes to FILE.rejects.csv.
        A file that is interrupted and imported again, unchanged, goes on where it stopped. Do not change a file that was
        imported in part: without keys, its lines would be new ones.

        Exit code: 0 all imported, 1 errors in the file, 2 could not start, 3 some lines refused, 4 the store gave out, 130 interrupted.
        """;
}
