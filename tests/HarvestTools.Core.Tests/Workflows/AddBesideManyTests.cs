using HarvestTools.Repositories;
using HarvestTools.Tests.Archive;
using HarvestTools.Work;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>Adding an export beside many says and refuses the same whether keys of the records are kept or all of them are read.</summary>
public sealed class AddBesideManyTests
{
    private static readonly string[] s_names = ["a", "b", "c", "d", "old", "new", "B"];

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    public void What_is_refused_and_what_is_said_is_the_same_with_keys_and_without(int seed)
    {
        using var keyed = new ManyRecords(seed);
        using var plain = new ManyRecords(seed);
        var random = new Random(seed);
        var outcomes = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < 60; i++)
        {
            string path = random.Next(2) == 0 ? $"in/{random.Next(1, 4)}.json" : $"in/new {i}.json";
            string? project = random.Next(3) == 0 ? null : s_names[random.Next(s_names.Length)];
            string text = Export(id: random.Next(6), labels: random.Next(5), through: random.Next(8), spaces: random.Next(4));
            bool newest = random.Next(8) == 0;

            // Each time another command, which has what the one before kept.
            Repository repository = keyed.Open();
            string with = Outcome(keyed, repository, path, text, project, newest, out string id);
            Assert.Equal(Outcome(plain, plain.OpenWithoutKeys(), path, text, project, newest, out _), with);
            AddExport.Finish(repository);
            outcomes.Add(id);
        }

        Assert.True(keyed.HasKeys());
        Assert.Equal(plain.Files.Select(Path.GetFileName), keyed.Files.Select(Path.GetFileName));
        Assert.Superset(new HashSet<string>(StringComparer.Ordinal) { "added", "ExportNotNewest", "LabelsInAnotherProject", "ProjectHasAnotherName" }, outcomes);
    }

    private static string Outcome(ManyRecords many, Repository repository, string path, string text, string? project, bool newest, out string id)
    {
        string file = Path.Combine(many.Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        try
        {
            AddedExport added = AddExport.Run(repository, file, project, WorkContext.Default with { Threads = 1, Clock = new FixedClock() }, newest: newest);
            id = added.Notices.Select(static notice => notice.Id).FirstOrDefault() ?? "added";
            string notices = string.Join('\n', added.Notices.Select(static notice => $"{notice.Id} {notice.Message}"));
            return $"{added.Project} {added.Sha256} {added.SameLabelsAs} {added.Newest}\n{notices}".Replace(many.Folder, "", StringComparison.Ordinal);
        }
        catch (HarvestException refused)
        {
            id = refused.ErrorId;
            return $"{refused.ErrorId} {refused.Message}".Replace(many.Folder, "", StringComparison.Ordinal);
        }
    }

    private static string Export(int id, int labels, int through, int spaces) =>
        $$"""
        [{"id":{{labels + 1}},{{(id == 0 ? "" : $"\"project\":{id},")}}"data":{"image":"a.jpg"},"annotations":[{"id":{{labels + 1}},"completed_by":1,"was_cancelled":false,
        "updated_at":"1970-01-0{{through + 1}}T00:00:00Z","result":[]}],"predictions":[]}]{{new string(' ', spaces)}}
        """;

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddDays(3);
    }
}
