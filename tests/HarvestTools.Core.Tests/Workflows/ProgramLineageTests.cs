using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>
/// Where the rows of a program come from. Project a has tasks 1 to 6 by person 7, project b tasks 11 to 13 by person 8; the annotation of
/// a task is 100 more, its episode is e0 or e1, and each gives one row.
/// </summary>
[Collection(ProgramRepository.Runs)]
public sealed class ProgramLineageTests : IDisposable
{
    private readonly ProgramRepository _own = new();

    public void Dispose() => _own.Dispose();

    public static TheoryData<string, string, long> Queries => new()
    {
        { "episode e0", "a 3 1/0, b 1 1/0", 4 },
        { "episode e1", "a 3 1/3, b 2 1/2", 5 },
        { "task 12", "b 1 1/0", 1 },
        { "annotation 103", "a 1 1/1", 1 },
        { "annotator 7", "a 6 2/3", 6 },
        { "annotator 8", "b 3 2/2", 3 },
        { "medium frame_13.jpg", "b 1 1/1", 1 },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public void What_is_asked_for_is_found_in_the_exports_and_rows_that_have_it(string asked, string shares, long rows)
    {
        _own.DefineEpisodes();
        _own.New("v1");
        SourceQuery query = Query(asked);

        string[] found = [.. TraceReach.Of(_own.Repository, query, _own.Context).Select(static share => $"{share.Project} {share.Rows} {share.Episodes}/{share.CorrectedRows}")];
        Assert.Equal(shares, string.Join(", ", found));
        SourceRow[] all = [.. TraceRows.Of(_own.Repository, query, _own.Context)];
        Assert.Equal(rows, all.Length);
        Assert.All(all, static row => Assert.Equal(
            (row.TaskId < 10 ? "a" : "b", row.TaskId + 100, $"e{row.TaskId % 2}", row.TaskId, row.TaskId < 10 ? "7" : "8", row.TaskId % 2 == 0 ? "prediction" : "manual"),
            (row.Project, row.AnnotationId, row.Episode, row.Frame, Assert.Single(row.Annotators), row.Origin)));
    }

    [Fact]
    public void The_second_question_is_answered_by_the_index_without_the_tables_and_the_program()
    {
        _own.DefineEpisodes();
        _own.New("v1");
        Assert.Equal(2, TraceReach.Of(_own.Repository, SourceQuery.OfEpisode("e0"), _own.Context).Count());
        foreach (string table in Directory.EnumerateFiles(_own.Repository.CacheFolder, "rows.csv", SearchOption.AllDirectories))
        {
            File.Delete(table);
        }

        _own.Trust.Remove(_own.Repository.Harvest.Sha256);
        Assert.Equal(2, TraceReach.Of(_own.Repository, SourceQuery.OfEpisode("e1"), _own.Context).Count());
        Assert.Equal("ProgramUntrusted", Assert.Throws<HarvestException>(() => TraceRows.Of(_own.Repository, SourceQuery.OfEpisode("e1"), _own.Context).ToList()).ErrorId);

        // Columns that are said to be others make another index.
        _own.DefineEpisodes(more: ", \"columns\": { \"episode\": \"medium\" }");
        Assert.Equal("ProgramUntrusted", Assert.Throws<HarvestException>(() => TraceReach.Of(_own.Repository, SourceQuery.OfEpisode("e1"), _own.Context).ToList()).ErrorId);
    }

    [Fact]
    public void A_slice_names_its_exports_with_what_went_in_and_its_corrections()
    {
        _own.DefineEpisodes();
        _own.New("v1");

        SliceSource[] sources = [.. TraceSource.OfSlice(_own.Repository, "v1", _own.Context, corrections: true)];
        Assert.Equal(
            [("a", 6L, (int?)2, (int?)1, (long?)3, "7"), ("b", 3L, 2, 1, 2, "8")],
            sources.Select(static source => (source.Project, source.Rows!.Value, source.Episodes, source.CorrectedEpisodes, source.CorrectedRows, string.Join(',', source.Annotators))));
        Assert.Equal([101L, 103, 105], sources[0].Corrections!.Select(static correction => correction.AnnotationId!.Value));
        Assert.All(sources, static source => Assert.Null(source.NotKnown));
        Assert.Equal(9, TraceRows.OfSlice(_own.Repository, "v1", _own.Context).Count());
    }

    [Fact]
    public void Annotations_are_not_counted_as_none_where_no_column_says_them_and_slices_with_the_same_lack_are_one_sentence()
    {
        _own.DefineEpisodes(ProgramRepository.Episodes.Replace("\"annotation_id\"", "\"number\"", StringComparison.Ordinal).Replace("\"origin\"", "\"how\"", StringComparison.Ordinal));
        _own.New("v1");
        _own.New("v2");

        SliceSource[] found = [.. TraceReach.Of(_own.Repository, SourceQuery.OfEpisode("e0"), _own.Context)];
        Assert.Equal(
            [("v1", 3L, (long?)null), ("v1", 1, null), ("v2", 3, null), ("v2", 1, null)],
            found.Select(static source => (source.Version, source.Tasks!.Value, source.Annotations)));
        Assert.Equal(
            "No table of v1 and v2 has a column 'origin' or 'annotation_id', so that corrected rows, annotations and annotators are not known.",
            Assert.Single(UnknownRows.Of(found, withPlace: false)).Reason);

        // A task's annotations are counted in its export.
        SliceSource task = TraceReach.Of(_own.Repository, SourceQuery.OfTask(1), _own.Context).First();
        Assert.Equal((1L, 1L), (task.Tasks!.Value, task.Annotations!.Value));
        Assert.Equal("No table of v1 has a column 'origin' or 'annotation_id', so that corrected rows and annotators are not known.", task.NotKnown);
    }

    [Fact]
    public void Columns_that_are_empty_in_listed_rows_and_rows_that_do_not_say_what_is_asked_for_are_named()
    {
        _own.DefineEpisodes(ProgramRepository.Episodes + "open(os.path.join(sys.argv[1], 'tasks.csv'), 'w').write('task_id\\n1\\n')\n");
        _own.New("v1");
        _own.New("v2");

        SourceRow[] rows = [.. TraceRows.OfSlice(_own.Repository, "v1", _own.Context), .. TraceRows.OfSlice(_own.Repository, "v2", _own.Context)];
        Assert.Equal(
            "No table of v1 and v2 has a column 'label', so that it is empty in all rows.",
            Assert.Single(TraceRows.NotSaid(_own.Repository, rows.Select(static row => row.Version), _own.Context)).Reason);

        SliceSource[] found = [.. TraceReach.Of(_own.Repository, SourceQuery.OfAnnotator(7), _own.Context)];
        Assert.Equal(6, found[0].Rows);
        Assert.Equal(
            "Some rows of v1 and v2 do not say their 'annotation_id', so that what they have of it is not known whole.",
            Assert.Single(UnknownRows.Of(found, withPlace: false)).Reason);
        Assert.Null(TraceReach.Of(_own.Repository, SourceQuery.OfTask(1), _own.Context).First().NotKnown);
    }

    [Fact]
    public void What_no_column_says_is_named_once_with_the_way_to_map_it()
    {
        _own.DefineEpisodes(ProgramRepository.Episodes.Replace("\"episode\"", "\"video_name\"", StringComparison.Ordinal).Replace("\"origin\"", "\"how\"", StringComparison.Ordinal));
        _own.New("v1");

        HarvestException fault = Assert.Throws<HarvestException>(() => TraceReach.Of(_own.Repository, SourceQuery.OfEpisode("e0"), _own.Context).ToList());
        Assert.Equal(("ColumnLacking", "No table of v1 has a column 'episode', so that what it has of it is not known."), (fault.ErrorId, fault.Message));
        Assert.Contains("\"columns\": { \"episode\":", string.Concat(fault.Remedy.Texts), StringComparison.Ordinal);
        SliceSource source = TraceSource.OfSlice(_own.Repository, "v1", _own.Context).First();
        Assert.Equal(((int?)null, (long?)null, 6L), (source.Episodes, source.CorrectedRows, source.Rows));
        Assert.Equal("No table of v1 has a column 'episode' or 'origin', so that episodes and corrected rows are not known.", source.NotKnown);

        // Mapped afterwards it is known.
        _own.DefineEpisodes(File.ReadAllText(Path.Combine(_own.Folder, "harvest.py")), ", \"columns\": { \"episode\": \"video_name\", \"origin\": \"how\" }");
        Assert.Equal(4, TraceReach.Of(_own.Repository, SourceQuery.OfEpisode("e0"), _own.Context).Sum(static share => share.Rows));
    }

    [Fact]
    public void A_row_is_blamed_on_the_slice_export_and_person_that_brought_and_changed_it()
    {
        _own.DefineEpisodes();
        _own.New("v1");
        _own.DefineEpisodes(ProgramRepository.Episodes.Replace("len(annotation[\"result\"])]", "len(annotation[\"result\"]) + (5 if task[\"id\"] == 13 else 0)]", StringComparison.Ordinal), version: "v1.1.0");
        _own.New("v2", "v1");
        _own.DefineEpisodes(File.ReadAllText(Path.Combine(_own.Folder, "harvest.py")).Replace("sorted(rows)", "sorted(rows + [[15, 115, 'e1', 15, 'x.jpg', 'manual', 1]])", StringComparison.Ordinal), version: "v1.2.0");
        _own.New("v3", "v2");

        BlamedRow changed = Assert.Single(BlameSlice.Of(_own.Repository, "v3", new RowQuery("e1") { Frame = 13 }, _own.Context));
        Assert.Equal(("v1", "b", 113L, "8"), (changed.First.Version, changed.First.Project, changed.First.AnnotationId!.Value, Assert.Single(changed.First.Annotators)));
        Assert.Equal(("v2", "regions 13 → 18"), (Assert.Single(changed.Changes).Version, changed.Changes[0].Change));
        Assert.Equal(new DateTimeOffset(2026, 5, 1, 8, 0, 0, TimeSpan.Zero), changed.First.UpdatedAt);
        Assert.Equal("v3", Assert.Single(BlameSlice.Of(_own.Repository, "v3", new RowQuery("e1") { Frame = 15 }, _own.Context)).First.Version);
        Assert.Equal("RowUnknown", Assert.Throws<HarvestException>(() => BlameSlice.Of(_own.Repository, "v3", new RowQuery("e7"), _own.Context).ToList()).ErrorId);
    }

    [Theory]
    [InlineData(7, "[\"v1\",\"v2\"]", "of a,of both")]
    [InlineData(8, "[\"v2\"]", "of both")]
    public void An_erasure_names_the_models_whose_rows_it_touches_and_no_others(long annotator, string touched, string models)
    {
        _own.DefineEpisodes();
        _own.TrustCurrent();
        string a = _own.Repository.Archive.List("a")[0].Sha256;
        string b = _own.Repository.Archive.List("b")[0].Sha256;
        NewSlice.Run(_own.Repository, new NewSliceRequest("v1") { Exports = ["a"] }, _own.Context);
        NewSlice.Run(_own.Repository, new NewSliceRequest("v2") { Exports = ["a", "b"] }, _own.Context);
        Register("v1", "of a");
        Register("v2", "of both");

        ErasurePlan plan = PlanErasure.Preview(_own.Repository, SourceQuery.OfAnnotator(annotator), _own.Context);
        Assert.Equal(touched, $"[{string.Join(',', plan.Slices.Select(static slice => $"\"{slice.Version}\""))}]");
        Assert.Equal(models, string.Join(',', plan.Models.Select(static model => model.Name)));
        Assert.NotEqual(a, b);
    }

    [Theory]
    [InlineData("", 0L, "")]
    [InlineData("open(os.path.join(sys.argv[1], 'sums.csv'), 'w').write('all\\n6\\n')", null, "m")]
    public void A_model_is_named_too_where_a_table_does_not_say_whose_its_rows_are(string more, long? rows, string models)
    {
        // Person 8 made tasks 11 to 13, and the program leaves them out.
        _own.DefineEpisodes(ProgramRepository.Episodes.Replace("rows.append(", "task[\"id\"] < 10 and rows.append(", StringComparison.Ordinal) + more + "\n");
        _own.New("v1");
        Register("v1", "m");

        ErasurePlan plan = PlanErasure.Preview(_own.Repository, SourceQuery.OfAnnotator(8), _own.Context);
        Assert.Equal(rows, Assert.Single(plan.Slices).Rows);
        Assert.Equal(models, string.Join(',', plan.Models.Select(static model => model.Name)));
    }

    private void Register(string version, string name) =>
        RegisterModel.Run(_own.Repository, new ModelRegistration(version, name) { Path = $"s3://models/{version}.pt" }, _own.Context);

    private static SourceQuery Query(string asked) => asked.Split(' ') switch
    {
        ["episode", var name] => SourceQuery.OfEpisode(name),
        ["task", var id] => SourceQuery.OfTask(long.Parse(id, null)),
        ["annotation", var id] => SourceQuery.OfAnnotation(long.Parse(id, null)),
        ["annotator", var id] => SourceQuery.OfAnnotator(long.Parse(id, null)),
        [_, var name] => SourceQuery.OfMedium(name),
        _ => throw new ArgumentException(asked),
    };
}
