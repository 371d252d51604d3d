using HarvestTools.Drift;
using HarvestTools.Rules;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>
/// What looks into the rows of a program. The export has tasks 1 to 6 with one annotation each, 101 to 106, of as many regions as the
/// task's number, all by person 7; the program's table has a row for each.
/// </summary>
[Collection(ProgramRepository.Runs)]
public sealed class ProgramRowsTests : IDisposable
{
    private const string Keys = ", \"keys\": [\"task_id\", \"annotation_id\"]";

    private readonly ProgramRepository _own = new();

    public void Dispose() => _own.Dispose();

    [Fact]
    public void Rows_are_compared_by_the_key_columns_that_the_definition_names()
    {
        _own.Define(Keys);
        _own.New("v1");

        // Task 1 goes, those of 2 and 3 have another count, and a row that no export has comes.
        Second("rows = []", "rows = [[9, 109, 1]]", ">= least", ">= 2", "len(annotation[\"result\"])]", "len(annotation[\"result\"]) + (10 if task[\"id\"] in (2, 3) else 0)]");

        SliceComparison comparison = CompareSlice.Run(_own.Repository, "v1", "v2", _own.Context);
        RowChangeSummary rows = comparison.Rows!;
        Assert.Equal((1L, 1L, 2L), (rows.Added, rows.Removed, rows.Changed));
        Assert.Equal("counts", Assert.Single(rows.ByTable).Table);
        Assert.Empty(rows.ByLabel);
        Assert.Equal([("", 1L), ("7", 3L)], rows.ByAnnotator.Select(static count => (count.Annotator, count.Total)));
        Assert.Equal(("counts", 6L, 6L), (comparison.Tables[0].Table, comparison.Tables[0].Reference, comparison.Tables[0].Difference));
        Assert.StartsWith("code harvest.py", Assert.Single(comparison.Rules).Name, StringComparison.Ordinal);
        Assert.Equal("Not counted: rows by episode and label, since no table has a column 'episode' or 'label'.", comparison.NotKnown);

        RowChange[] all = [.. CompareSlice.Rows(_own.Repository, "v1", "v2", _own.Context)];
        Assert.Equal(
            ["Removed task_id 1, annotation_id 101 a 1", "Changed task_id 2, annotation_id 102 a 2", "Changed task_id 3, annotation_id 103 a 3", "Added task_id 9, annotation_id 109 a 9"],
            all.Select(static row => $"{row.Change} {row.KeyText} {row.Project} {row.TaskId}"));
        Assert.Equal(["regions"], all[1].Columns);
        Assert.Equal(("2", "12"), (all[1].Before!["regions"], all[1].After!["regions"]));
        Assert.Equal("TableUnknown", Assert.Throws<HarvestException>(() => CompareSlice.Rows(_own.Repository, "v1", "v2", _own.Context, ["count"]).ToList()).ErrorId);
    }

    [Fact]
    public void Without_keys_rows_come_and_go_and_their_order_is_none()
    {
        _own.New("v1");
        Second("sorted(rows)", "sorted(rows[1:] + rows[1:2], reverse=True)");

        SliceComparison comparison = CompareSlice.Run(_own.Repository, "v1", "v2", _own.Context);
        Assert.StartsWith("Not counted: which rows of counts changed, since no key says which are the same", comparison.NotKnown, StringComparison.Ordinal);
        Assert.Contains("\"keys\"", string.Concat(comparison.Remedy!.Texts), StringComparison.Ordinal);

        RowChange[] all = [.. CompareSlice.Rows(_own.Repository, "v1", "v2", _own.Context)];
        Assert.Equal([("Removed", 1L), ("Added", 2L)], all.Select(static row => (row.Change, row.TaskId!.Value)));
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(null, 6)]
    public void Float_noise_is_no_difference_where_the_definition_rounds_it_away(int? digits, int changed)
    {
        _own.Define(Keys + ", \"identity\": \"rows\"" + (digits is null ? "" : $", \"float_digits\": {digits}"));
        _own.Write("harvest.py", ProgramRepository.Program.Replace("len(annotation[\"result\"])]", "1.5 + 1e-9]", StringComparison.Ordinal));
        _own.New("v1");
        Second("1.5 + 1e-9", "1.5 + 2e-9");

        Assert.Equal(changed, CompareSlice.Run(_own.Repository, "v1", "v2", _own.Context).Rows!.Total);
    }

    [Fact]
    public void Columns_with_other_names_are_mapped_also_after_the_slice_was_made_and_without_a_new_version()
    {
        _own.Write("harvest.py", ProgramRepository.Program.Replace("\"task_id\", \"annotation_id\"", "\"t\", \"a\"", StringComparison.Ordinal));
        _own.New("v1");
        Second("rows = []", "rows = [[1, 101, 7]]");

        Assert.Empty(CompareSlice.Run(_own.Repository, "v1", "v2", _own.Context).Rows!.ByAnnotator);
        _own.Define(", \"columns\": { \"task_id\": \"t\", \"annotation_id\": \"a\" }, \"keys\": { \"*.csv\": [\"t\", \"a\", \"regions\"] }");
        Assert.Equal("7", Assert.Single(CompareSlice.Run(_own.Repository, "v1", "v2", _own.Context).Rows!.ByAnnotator).Annotator);
        Assert.Equal("t 1, a 101, regions 7", Assert.Single(CompareSlice.Rows(_own.Repository, "v1", "v2", _own.Context)).KeyText);
    }

    [Theory]
    [InlineData("\"keys\": [\"task\"]", "keys", "task")]
    [InlineData("\"keys\": { \"*.csv\": [\"task_id\", \"frames\"] }", "keys.*.csv", "frames")]
    [InlineData("\"keys\": { \"b/*.csv\": [\"task_id\"] }", "keys.b/*.csv", "task_id")]
    [InlineData("\"columns\": { \"episode\": \"epsiode\" }", "columns.episode", "epsiode")]
    public void A_column_that_no_table_has_is_named_and_nothing_is_recorded(string columns, string setting, string column)
    {
        _own.Define(", " + columns);

        HarvestException fault = Assert.Throws<HarvestException>(() => _own.New("v1"));
        Assert.Equal(("ColumnUnknown", column), (fault.ErrorId, fault.Subject));
        Assert.Contains($"\"{setting}\"", fault.Message, StringComparison.Ordinal);
        Assert.Empty(_own.Repository.Slices.Versions());
    }

    [Fact]
    public void Keys_columns_and_limits_are_recorded_and_no_part_of_the_hash()
    {
        string plain = _own.Repository.Harvest.Sha256;
        _own.Define(Keys + ", \"columns\": { \"label\": \"regions\" }, \"limits\": { \"seconds\": 77 }");

        Assert.Equal(plain, _own.Repository.Harvest.Sha256);
        _own.New("v1");
        _own.Define();
        HarvestDefinition recorded = Repositories.SliceInputs.Definition(_own.Repository, _own.Repository.Slices.Load("v1"));
        Assert.Equal(["task_id", "annotation_id"], recorded.Program!.Columns.KeyOf("counts.csv")!);
        Assert.Equal("regions", recorded.Program.Columns.Mapped[ColumnRole.Label]);
        Assert.Equal(77, recorded.Program.Limits.Seconds);
    }

    [Fact]
    public void Impact_runs_the_changed_program_where_it_is_trusted_and_changes_nothing()
    {
        _own.Define(Keys);
        _own.New("v1");
        Assert.False(Assert.Single(HarvestImpact.Run(_own.Repository, [], null, _own.Context)).IsAffected);
        _own.Write("harvest.py", ProgramRepository.Program.Replace(">= least", "> least", StringComparison.Ordinal));

        Assert.Equal("ProgramUntrusted", Assert.Throws<HarvestException>(() => HarvestImpact.Run(_own.Repository, [], null, _own.Context).ToList()).ErrorId);
        _own.TrustCurrent();
        byte[] manifest = File.ReadAllBytes(_own.Repository.Slices.PathOf("v1"));
        SliceImpact impact = Assert.Single(HarvestImpact.Run(_own.Repository, [], null, _own.Context));

        // Task 1 has one region, and one is the least.
        Assert.Equal((0L, 1L, 0L), (impact.Rows!.Added, impact.Rows.Removed, impact.Rows.Changed));
        Assert.Equal("7", Assert.Single(impact.Rows.ByAnnotator).Annotator);
        Assert.Equal(manifest, File.ReadAllBytes(_own.Repository.Slices.PathOf("v1")));
        Assert.Equal(6, _own.Repository.Slices.Load("v1").ProgramOutputs[0].Rows);
    }

    /// <summary>Makes v2 by a changed program under the next version.</summary>
    private void Second(params string[] changes)
    {
        string program = File.ReadAllText(Path.Combine(_own.Folder, "harvest.py"));
        foreach (string[] change in changes.Chunk(2))
        {
            program = program.Replace(change[0], change[1], StringComparison.Ordinal);
        }

        _own.Write("harvest.py", program);
        _own.Write("harvest.json", File.ReadAllText(_own.Repository.SettingsPath).Replace("v1.0.0", "v1.1.0", StringComparison.Ordinal));
        _own.New("v2");
    }
}
