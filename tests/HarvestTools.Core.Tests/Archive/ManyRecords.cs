using System.Text.Json.Nodes;
using HarvestTools.Archive;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Repositories;
using HarvestTools.Tests.Files;

namespace HarvestTools.Tests.Archive;

/// <summary>
/// A repository with so many records, of projects, labels, paths and times that often agree, that keys of them are kept; and the same
/// records as they are without any keys.
/// </summary>
internal sealed class ManyRecords : IDisposable
{
    public const int Count = 300;

    public static readonly string[] Projects = ["a", "b", "c", "d"];
    public static readonly string[] Labels = [.. "1234567".Select(static digit => new string(digit, 64))];
    public static readonly string?[] Paths = ["in/1.json", "in/2.json", "in/3.json", null];

    private readonly TemporaryFolder _folder = new();
    private int _next;

    public ManyRecords(int seed, int count = Count)
    {
        Random = new Random(seed);

        // What was archived as "old" is of project "a" since.
        Repository repository = Repository.Initialize(_folder.Path);
        JsonNode settings = JsonNode.Parse(File.ReadAllText(repository.SettingsPath))!;
        settings["projects"] = JsonNode.Parse("""{ "a": { "names": ["old"] } }""");
        File.WriteAllText(repository.SettingsPath, settings.ToJsonString());
        Directory.CreateDirectory(Open().Archive.RecordsFolder);
        for (int i = 0; i < count; i++)
        {
            ExportRecord record = Next();
            WriteBehind(Random.Next(9) == 0 && record.Project == "a" ? record with { Project = "old" } : record);
        }
    }

    public Random Random { get; }

    public string Folder => _folder.Path;

    public string KeysPath => Path.Combine(Open().CacheFolder, "record-keys");

    public IReadOnlyList<string> Files => [.. Directory.GetFiles(Open().Archive.RecordsFolder, "*.json").Order(StringComparer.Ordinal)];

    /// <summary>As every command opens it.</summary>
    public Repository Open() => Repository.Find(_folder.Path);

    /// <summary>Without keys and without a cache: what the records say.</summary>
    public Repository OpenWithoutKeys()
    {
        Repository repository = Open();
        repository.Archive.DistrustRecords();
        return repository;
    }

    /// <summary>Whether a command would find keys that fit the records.</summary>
    public bool HasKeys() => Open().Archive.Index.UsesKeys;

    /// <summary>A record as no other one is, though most of what it says others say too.</summary>
    public ExportRecord Next()
    {
        int number = _next++;
        bool read = Random.Next(6) != 0;
        string project = Projects[Random.Next(Projects.Length)];
        string? path = Paths[Random.Next(Paths.Length)];
        return new ExportRecord
        {
            Project = project,
            Sha256 = ArchiveFixture.Hash($"{number}"),
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

    /// <summary>Writes a record as another program would: no lock, no word to anyone.</summary>
    public string WriteBehind(ExportRecord record)
    {
        string path = Path.Combine(Open().Archive.RecordsFolder, record.FileName);
        File.WriteAllBytes(path + ".new", record.ToUtf8Bytes());
        File.Move(path + ".new", path, overwrite: true);
        return path;
    }

    /// <summary>Has keys made and kept, as adding a record does.</summary>
    public void Keep()
    {
        Repository repository = Open();
        repository.Archive.Index.Prepare();
        _ = repository.Archive.Record(Next());
        Assert.True(HasKeys());
    }

    /// <summary>Puts every kind of question to a repository and to the records.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="keyed">Whether keys are to answer.</param>
    public void AssertAnswersAreThoseOfTheRecords(Repository repository, bool keyed = true)
    {
        Repository plain = OpenWithoutKeys();
        RecordIndex index = repository.Archive.Index;
        RecordIndex records = plain.Archive.Index;
        index.Prepare();
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
            Assert.Equal(new NewestExports(plain).Of(records.Records(project), context: null).Sha256, new NewestExports(repository).Of(project).Sha256);
        }

        string[] known = [.. records.Records(project: null).Select(static record => record.Sha256)];
        for (int i = 0; i < 20; i++)
        {
            string export = Random.Next(3) == 0 ? ArchiveFixture.Hash("unknown") : known[Random.Next(known.Length)];
            string project = Random.Next(9) == 0 ? "unknown" : Projects[Random.Next(Projects.Length)];
            string labels = Random.Next(9) == 0 ? new string('f', 64) : Labels[Random.Next(Labels.Length)];
            string path = Paths[Random.Next(Paths.Length)] ?? "in/unknown.json";
            Assert.Equal(records.Of(export), index.Of(export));
            Assert.Equal(Text(plain.Archive.TryRecord(project, export)), Text(repository.Archive.TryRecord(project, export)));
            Assert.Equal(Text(records.LastWithLabels(project, labels, export)), Text(index.LastWithLabels(project, labels, export)));
            ExportRecord asked = Next() with { Project = project, Sha256 = export, LabelSha256 = labels, LabelVersion = LabelHash.Version };
            Assert.Equal(Text(records.TwinOf(asked)), Text(index.TwinOf(asked)));
            string? except = Random.Next(2) == 0 ? export : null;
            Assert.Equal(records.FirstFrom(path, except).Select(Text), index.FirstFrom(path, except).Select(Text));
        }
    }

    public static string? Text(ExportRecord? record) =>
        record is null ? null : $"{record.Project} {System.Text.Encoding.UTF8.GetString(record.ToUtf8Bytes())}";

    public void Dispose() => _folder.Dispose();

    private static string Text(KeyValuePair<string, HashSet<long>> project) => $"{project.Key} {string.Join(' ', project.Value.Order())}";
}
