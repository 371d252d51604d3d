using HarvestTools.Archive;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Labels;

namespace HarvestTools.Tests.Archive;

/// <summary>Records of projects, labels, paths and times that often agree, drawn by a seed, and what is asked of them.</summary>
internal sealed class MadeRecords(int seed)
{
    public static readonly string[] Projects = ["a", "b", "c", "d"];
    public static readonly string[] Labels = [.. "1234567".Select(static digit => new string(digit, 64))];
    public static readonly string?[] Paths = ["in/1.json", "in/2.json", "in/3.json", null];

    private readonly List<(string Project, string Sha256)> _made = [];

    public Random Random { get; } = new(seed);

    /// <summary>A record as no other one is, though most of what it says others say too.</summary>
    public ExportRecord Next()
    {
        int number = _made.Count;
        bool read = Random.Next(6) != 0;
        string project = Projects[Random.Next(Projects.Length)];
        string? path = Paths[Random.Next(Paths.Length)];

        // One in eight is the export of another project too.
        bool again = number % 8 == 7 && _made[number - 3].Project != project;
        string sha256 = again ? _made[number - 3].Sha256 : ArchiveFixture.Hash($"{number}");
        _made.Add((project, sha256));
        return new ExportRecord
        {
            Project = project,
            Sha256 = sha256,
            Bytes = number,
            Path = path,
            Name = path is null ? "outside.json" : null,
            AddedAt = Timestamp.From(DateTimeOffset.UnixEpoch.AddHours(Random.Next(40))),
            LabelSha256 = read ? Labels[Random.Next(Labels.Length)] : null,
            LabelVersion = read ? (Random.Next(9) == 0 ? 1 : LabelHash.Version) : null,
            Annotations = read ? Random.Next(2) : null,
            Tasks = read ? 1 : null,
            LabelsThrough = read && Random.Next(3) != 0 ? Timestamp.From(DateTimeOffset.UnixEpoch.AddDays(Random.Next(6))) : null,
            ProjectIds = read && project != "d" && Random.Next(3) != 0 ? [Array.IndexOf(Projects, project) + 1] : [],
            NewerThan = number > 0 && Random.Next(20) == 0 ? [ArchiveFixture.Hash($"{Random.Next(number)}")] : [],
        };
    }

    /// <summary>One in nine of project "a" was archived before the project had that name.</summary>
    public ExportRecord Archived() => Next() is var record && Random.Next(9) == 0 && record.Project == "a" ? record with { Project = "old" } : record;

    /// <summary>Asks one index every kind of question, and another one that reads all records.</summary>
    /// <param name="records">Without keys.</param>
    /// <param name="index">The one that is in question.</param>
    /// <param name="keyed">Whether keys are to answer there.</param>
    public void AssertSameAnswers(RecordIndex records, RecordIndex index, bool keyed)
    {
        Assert.Equal(keyed, index.UsesKeys);
        Assert.Equal(records.Projects(), index.Projects());
        Assert.Equal(records.ProjectIds().Select(Text), index.ProjectIds().Select(Text));
        foreach (string project in records.Projects())
        {
            // Every one of them may have come in earlier, as a slice can show.
            int shift = Random.Next(3);
            DateTimeOffset CameIn(string sha256, DateTimeOffset added) => shift > 0 && sha256[0] % 3 == 0 ? added.AddHours(-shift) : added;
            ExportRecord[] left = [.. records.Records(project)];
            left = [.. left.Where(record => !left.Any(other => other.NewerThan.Contains(record.Sha256)))];
            string? newest = keyed ? left.Max(new ExportOrder(record => CameIn(record.Sha256, record.AddedAt.Instant)))?.Sha256 : null;
            Assert.Equal(newest, index.Newest(project, CameIn)?.Sha256);
        }

        string[] known = [.. records.Records(project: null).Select(static record => record.Sha256)];
        for (int i = 0; i < 20; i++)
        {
            string export = Random.Next(3) == 0 ? ArchiveFixture.Hash("unknown") : known[Random.Next(known.Length)];
            string project = Random.Next(9) == 0 ? "unknown" : Projects[Random.Next(Projects.Length)];
            string labels = Random.Next(9) == 0 ? new string('f', 64) : Labels[Random.Next(Labels.Length)];
            string path = Paths[Random.Next(Paths.Length)] ?? "in/unknown.json";
            Assert.Equal(records.Of(export), index.Of(export));
            Assert.Equal(Text(records.LastWithLabels(project, labels, export)), Text(index.LastWithLabels(project, labels, export)));
            ExportRecord asked = Next() with { Project = project, Sha256 = export, LabelSha256 = labels, LabelVersion = LabelHash.Version };
            Assert.Equal(Text(records.TwinOf(asked)), Text(index.TwinOf(asked)));
            string? except = Random.Next(2) == 0 ? export : null;
            Assert.Equal(records.FirstFrom(path, except).Select(Text), index.FirstFrom(path, except).Select(Text));
        }
    }

    public static string? Text(ExportRecord? record) =>
        record is null ? null : $"{record.Project} {System.Text.Encoding.UTF8.GetString(record.ToUtf8Bytes())}";

    private static string Text(KeyValuePair<string, HashSet<long>> project) => $"{project.Key} {string.Join(' ', project.Value.Order())}";
}
