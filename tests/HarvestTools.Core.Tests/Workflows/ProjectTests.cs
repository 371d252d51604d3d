using System.Globalization;
using System.Text.Json.Nodes;
using HarvestTools.Repositories;
using HarvestTools.Tests.Archive;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>One project of Label Studio has one name, and a slice does not lose a project's labels unnoticed.</summary>
public sealed class ProjectTests : IDisposable
{
    private readonly TemporaryRepository _team = new();

    [Fact]
    public void The_same_project_under_a_second_name_is_refused_and_the_remedy_works()
    {
        Add("b", Export(12, 1, 5));
        HarvestException refused = Assert.Throws<HarvestException>(() => Add("c", Export(12, 1, 6)));

        Assert.Equal("ProjectHasAnotherName", refused.ErrorId);
        Assert.Equal(["b"], _team.Repository.Archive.Projects());
        ProjectList.Rename(_team.Repository, "b", "c");
        Assert.Equal("c", Add("c", Export(12, 1, 6)).Project);
        Assert.Equal(["c"], _team.Repository.Archive.Projects());
        Assert.Equal(2, _team.Repository.Archive.List("b").Count);
    }

    [Fact]
    public void Two_projects_under_one_name_are_refused_until_it_is_said_that_they_are_one()
    {
        Add("b", Export(12, 1, 5));
        Assert.Equal("ProjectHasAnotherId", Assert.Throws<HarvestException>(() => Add("b", Export(15, 100, 5))).ErrorId);
        HarvestProject project = ProjectList.AddId(_team.Repository, "b", 15);
        Assert.Equal([12L, 15], project.LabelStudioIds);
        Assert.Equal("b", Add("b", Export(15, 100, 5)).Project);
    }

    [Fact]
    public void Without_a_name_an_export_goes_to_the_project_that_has_its_id()
    {
        Add("b", Export(12, 1, 5));
        Assert.Equal("b", Add(null, Export(12, 1, 6)).Project);
        Assert.Equal("project-13", Add(null, Export(13, 100, 6)).Project);
        ProjectList.Rename(_team.Repository, "project-13", "hands");
        Assert.Equal("hands", Add(null, Export(13, 100, 7)).Project);
    }

    [Fact]
    public void Exports_that_name_no_project_are_compared_by_their_labels()
    {
        Add("b", Export(null, 1, 5));

        Assert.Equal("LabelsInAnotherProject", Assert.Throws<HarvestException>(() => Add("c", Export(null, 1, 5) + " ")).ErrorId);
        HarvestException some = Assert.Throws<HarvestException>(() => Add("c", Export(null, 4, 5)));
        Assert.Equal("LabelsInAnotherProject", some.ErrorId);
        Assert.StartsWith("2 labelled tasks of the export ", some.Message, StringComparison.Ordinal);
        Add("c", Export(null, 50, 5));
    }

    [Fact]
    public void Equal_labels_are_one_project_s_also_where_the_file_gives_it_another_id()
    {
        Add("b", Export(12, 1, 5));
        HarvestException fault = Assert.Throws<HarvestException>(() => Add("c", Export(15, 1, 5)));
        Assert.Equal("LabelsInAnotherProject", fault.ErrorId);
        Assert.StartsWith("Leave it out", fault.Remedy.ToString(), StringComparison.Ordinal);

        // As the remedy says, where Label Studio gave the project a new id.
        ProjectList.AddId(_team.Repository, "b", 15);
        Assert.Equal("b", Add("b", Export(15, 1, 5)).Project);
    }

    [Fact]
    public void Tasks_that_two_projects_share_are_found_also_where_their_ids_differ()
    {
        Add("b", Export(12, 1, 5));
        HarvestException fault = Assert.Throws<HarvestException>(() => Add("c", Export(15, 4, 5)));
        Assert.Equal("LabelsInAnotherProject", fault.ErrorId);
        Assert.StartsWith("2 labelled tasks of the export ", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Leave it out", fault.Remedy.ToString(), StringComparison.Ordinal);
        Add("c", Export(15, 50, 5));
        _team.New("v1");

        // With a retired project an export is not compared; it comes back, and has the tasks of the other.
        ProjectList.Retire(_team.Repository, "b", retired: true);
        Add("c", Export(15, 1, 55));
        ProjectList.Retire(_team.Repository, "b", retired: false);
        HarvestException refused = Assert.Throws<HarvestException>(() => _team.New("v2"));
        Assert.Equal("TasksInTwoProjects", refused.ErrorId);

        // As the remedy says.
        ProjectList.AddId(_team.Repository, "b", 15);
        ProjectList.Rename(_team.Repository, "c", "b");
        Assert.Single(_team.New("v2").Slice.Exports);
    }

    [Fact]
    public void A_slice_of_one_project_under_two_names_is_refused_also_where_the_archive_has_it_so()
    {
        Add("b", Export(12, 1, 5));
        Add("c", Export(13, 100, 5));

        // As a build before the names were compared left it.
        string record = Directory.GetFiles(_team.PathOf(".harvest/archive/exports"), "c-*.json").Single();
        RecordFile.Rewrite(record, static json => json["project_ids"] = new JsonArray(12));
        Assert.Equal("ProjectUnderTwoNames", Assert.Throws<HarvestException>(() => _team.New("v1")).ErrorId);

        ProjectList.Rename(_team.Repository, "c", "b");
        Assert.Single(_team.New("v1").Slice.Exports);
    }

    [Fact]
    public void Two_projects_are_not_joined()
    {
        Add("b", Export(12, 1, 5));
        Add("c", Export(13, 100, 5));
        Assert.Equal("ProjectNameTaken", Assert.Throws<HarvestException>(() => ProjectList.Rename(_team.Repository, "c", "b")).ErrorId);
        Assert.Equal("ProjectNotFound", Assert.Throws<HarvestException>(() => ProjectList.Rename(_team.Repository, "d", "e")).ErrorId);
        Assert.Equal("ProjectNameInvalid", Assert.Throws<HarvestException>(() => ProjectList.Rename(_team.Repository, "b", "a b")).ErrorId);
    }

    [Fact]
    public void A_renamed_project_keeps_its_slices_and_is_compared_with_itself()
    {
        Add("b", Export(12, 1, 5));
        _team.New("v1");
        ProjectList.Rename(_team.Repository, "b", "hands");
        Add("hands", Export(12, 1, 6));
        NewSliceResult made = _team.New("v2");

        Assert.Empty(made.Losses);
        Assert.Equal("hands", Assert.Single(made.Slice.Exports).Project);
        Assert.Equal("b", Assert.Single(_team.Repository.Slices.Load("v1").Exports).Project);
        using var check = new CheckSlice(_team.Repository, _team.Context);
        Assert.Equal(HarvestTools.Drift.DriftStatus.Clean, check.Run(_team.Repository.Slices.Load("v1"), quick: false).Status);
        SliceComparison compared = CompareSlice.Run(_team.Repository, "v1", "v2", _team.Context);
        Assert.Equal((1, 0), (compared.Rows!.Added, compared.Rows.Removed));

        // The old name comes back.
        ProjectList.Rename(_team.Repository, "hands", "b");
        Assert.Equal(["hands"], Assert.Single(_team.Repository.Settings.Projects).Value.Names);
        Assert.Equal(["b"], _team.Repository.Archive.Projects());
    }

    [Fact]
    public void A_retired_project_is_kept_and_taken_only_when_it_is_named()
    {
        Add("b", Export(12, 1, 5));
        Add("c", Export(13, 100, 5));
        _team.New("v1");
        Assert.True(ProjectList.Retire(_team.Repository, "b", retired: true).Retired);

        Assert.Equal(["c"], _team.New("v2").Slice.Exports.Select(static export => export.Project));
        Assert.Equal(["b"], NewSlice.Run(_team.Repository, new NewSliceRequest("v3") { Exports = ["b"], AllowShrink = true }, _team.Context).Slice.Exports.Select(static export => export.Project));
        ProjectList.Retire(_team.Repository, "b", retired: false);
        Assert.Equal(["b", "c"], _team.New("v4").Slice.Exports.Select(static export => export.Project));
    }

    [Theory]
    [InlineData(18, false)]
    [InlineData(17, true)]
    public void A_slice_that_loses_more_than_a_tenth_of_a_projects_labelled_tasks_is_refused(int left, bool refused)
    {
        Add("b", Export(12, 1, 20));
        _team.New("v1");
        Add("b", Export(12, 1, left, day: 9));

        if (refused)
        {
            HarvestException error = Assert.Throws<HarvestException>(() => _team.New("v2"));
            Assert.Equal("ProjectShrinks", error.ErrorId);
            Assert.Contains($"{20 - left} of 20 labelled tasks", error.Message, StringComparison.Ordinal);
            Assert.Equal("ProjectShrinks", Assert.Throws<HarvestException>(() => NewSlice.Check(_team.Repository, new NewSliceRequest("v2"))).ErrorId);
            Assert.Equal(["v1"], _team.Repository.Slices.Versions());
        }

        NewSliceResult made = _team.New(new NewSliceRequest("v2") { AllowShrink = true });
        Assert.Equal(new ProjectLoss("b", "b.json", 20, 20 - left, 20, left), Assert.Single(made.Losses) with { Hashes = null });
    }

    [Fact]
    public void A_project_that_is_gone_altogether_is_a_loss_also_where_the_parents_exports_are_not_here()
    {
        Add("b", Export(12, 1, 5));
        Add("c", Export(13, 100, 5));
        _team.New("v1");
        Directory.Move(_team.PathOf(".harvest"), _team.PathOf("gone"));
        File.Delete(_team.PathOf("b.json"));
        Add("c", Export(13, 100, 5));

        HarvestException error = Assert.Throws<HarvestException>(() => _team.New("v2"));
        Assert.Equal("ProjectShrinks", error.ErrorId);
        Assert.Contains("Project b would lose 5 of 5 rows", error.Message, StringComparison.Ordinal);
        Assert.Null(Assert.Single(_team.New(new NewSliceRequest("v2") { AllowShrink = true }).Losses).TasksLost);
    }

    [Fact]
    public void A_clone_without_the_archive_knows_projects_by_what_slices_record()
    {
        Add("hands", Export(12, 1, 5));
        _team.New("v1");
        Directory.Move(_team.PathOf(".harvest"), _team.PathOf("gone"));

        Assert.Equal("hands", Add(null, Export(12, 1, 6, day: 2)).Project);
        Assert.Equal("ProjectHasAnotherName", Assert.Throws<HarvestException>(() => Add("other", Export(12, 1, 7, day: 3))).ErrorId);
        Assert.Empty(_team.New("v2").Losses);
    }

    [Fact]
    public void An_earlier_name_of_another_project_is_no_name_and_the_settings_stay_readable()
    {
        Add("alpha", Export(12, 1, 3));
        Add("beta", Export(13, 100, 3));
        ProjectList.Rename(_team.Repository, "alpha", "x");

        Assert.Equal("ProjectNameOfAnother", Assert.Throws<HarvestException>(() => ProjectList.Rename(_team.Repository, "beta", "alpha")).ErrorId);
        Assert.Equal(["beta", "x"], ProjectList.Run(_team.Repository).Select(static project => project.Project));
    }

    [Fact]
    public void Where_every_project_is_retired_there_is_nothing_to_make_a_slice_of()
    {
        Add("b", Export(12, 1, 3));
        _team.New("v1");
        ProjectList.Retire(_team.Repository, "b", retired: true);

        Assert.Equal("ProjectsRetired", Assert.Throws<HarvestException>(() => _team.New("v2")).ErrorId);
        Assert.Equal(["v1"], _team.Repository.Slices.Versions());
    }

    [Fact]
    public void Lost_rows_are_reported_also_where_no_task_is_lost()
    {
        Add("b", Export(12, 1, 5));
        Add("c", Export(13, 100, 5));
        _team.New("v1");
        Add("b", Export(12, 1, 5, day: 2).Replace("\"completed_by\":1", "\"completed_by\":1,\"was_cancelled\":true", StringComparison.Ordinal));
        ProjectList.Retire(_team.Repository, "c", retired: true);

        NewSliceResult made = _team.New("v2");
        Assert.Equal(["c"], made.Retired);
        Assert.Equal([("b", 0L, 5L)], made.Losses.Select(static loss => (loss.Project, loss.TasksLost ?? -1, loss.RowsLost ?? -1)));
        Assert.Equal("Project b has 5 rows fewer than v1.", LossText.Of(made.Losses[0], "v1"));
    }

    [Fact]
    public void An_id_that_was_added_can_be_taken_back()
    {
        Add("b", Export(12, 1, 3));
        ProjectList.AddId(_team.Repository, "b", 15);
        Assert.Equal([12L], ProjectList.RemoveId(_team.Repository, "b", 15).LabelStudioIds);
        Assert.Empty(_team.Repository.Settings.Projects);
    }

    [Fact]
    public void An_id_of_another_project_is_taken_with_a_notice_that_names_the_ways_out()
    {
        Add("b", Export(12, 1, 5));
        Add("c", Export(13, 100, 5));
        ExportNotice notice = Assert.Single(ProjectList.AddId(_team.Repository, "c", 12).Notices);
        Assert.Equal("ProjectIdOfAnother", notice.Id);
        Assert.StartsWith("Project b has Label Studio's id 12 too", notice.Message, StringComparison.Ordinal);
        Assert.Contains(new RemedyAction.RenameProject("c", "b"), notice.Remedy.Actions);
        Assert.Contains(new RemedyAction.RemoveProjectId("c", 12), notice.Remedy.Actions);

        // Seen from the other side, the id to take back is the one that was added.
        Assert.Equal(["ProjectIdKnown", "ProjectIdOfAnother"], ProjectList.AddId(_team.Repository, "b", 12).Notices.Select(static one => one.Id));
        HarvestException refused = Assert.Throws<HarvestException>(() => _team.New("v1"));
        Assert.Equal("ProjectUnderTwoNames", refused.ErrorId);
        Assert.Contains(new RemedyAction.RemoveProjectId("c", 12), refused.Remedy.Actions);
        ProjectList.RemoveId(_team.Repository, "c", 12);
        Assert.Equal(2, _team.New("v1").Slice.Exports.Count);
    }

    [Fact]
    public void An_id_that_a_project_has_changes_nothing_and_one_that_was_not_added_is_not_taken_back()
    {
        Add("b", Export(12, 1, 3));
        string before = File.ReadAllText(_team.PathOf("harvest.json"));
        Assert.Equal("ProjectIdKnown", Assert.Single(ProjectList.AddId(_team.Repository, "b", 12).Notices).Id);
        Assert.Equal(before, File.ReadAllText(_team.PathOf("harvest.json")));
        Assert.Throws<ArgumentOutOfRangeException>(() => ProjectList.AddId(_team.Repository, "b", 0));

        HarvestException own = Assert.Throws<HarvestException>(() => ProjectList.RemoveId(_team.Repository, "b", 12));
        Assert.Equal("ProjectIdNotAdded", own.ErrorId);
        Assert.Contains("from its exports", own.Message, StringComparison.Ordinal);
        Assert.Empty(ProjectList.AddId(_team.Repository, "b", 15).Notices);
        HarvestException other = Assert.Throws<HarvestException>(() => ProjectList.RemoveId(_team.Repository, "b", 99));
        Assert.Equal("Project b has no id 99 in Label Studio: its exports are of 12, and 15 was added to it.", other.Message);
        Assert.Equal("ProjectIdNotAdded", Assert.Throws<HarvestException>(() => ProjectList.CheckRemoveId(_team.Repository, "b", 99)).ErrorId);
        ProjectList.CheckRemoveId(_team.Repository, "b", 15);
        Assert.Equal([15L], _team.Repository.Settings.Projects["b"].LabelStudioIds);
    }

    public void Dispose() => _team.Dispose();

    private AddedExport Add(string? project, string export) =>
        AddExport.Run(_team.Repository, _team.WriteText($"{project ?? "unnamed"}.json", export), project, _team.Context);

    /// <summary>Tasks of one box each, with ids from the first on.</summary>
    private static string Export(int? project, int first, int tasks, int day = 1) => "[" + string.Join(",", Enumerable.Range(first, tasks).Select(id => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""
        {"id":{{{id}}},"data":{"image":"task_01/episode_1/frame_{{{id}}}.jpg"},{{{(project is null ? "" : $"\"project\":{project},")}}}"annotations":[{"id":{{{id}}},"completed_by":1,
        "updated_at":"2026-05-0{{{day}}}T12:00:00Z","result":[{"id":"r{{{id}}}","type":"rectanglelabels","from_name":"l","to_name":"i","original_width":100,"original_height":100,
        "value":{"x":1,"y":1,"width":5,"height":5,"rectanglelabels":["cup"]}}]}]}
        """))) + "]";
}
