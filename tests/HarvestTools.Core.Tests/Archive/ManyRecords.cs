using System.Text.Json.Nodes;
using HarvestTools.Archive;
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

    private readonly TemporaryFolder _folder = new();
    private readonly MadeRecords _made;

    public ManyRecords(int seed, int count = Count)
    {
        _made = new MadeRecords(seed);

        // What was archived as "old" is of project "a" since.
        Repository repository = Repository.Initialize(_folder.Path);
        JsonNode settings = JsonNode.Parse(File.ReadAllText(repository.SettingsPath))!;
        settings["projects"] = JsonNode.Parse("""{ "a": { "names": ["old"] } }""");
        File.WriteAllText(repository.SettingsPath, settings.ToJsonString());
        Directory.CreateDirectory(Open().Archive.RecordsFolder);
        for (int i = 0; i < count; i++)
        {
            WriteBehind(_made.Archived());
        }
    }

    public Random Random => _made.Random;

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

    public ExportRecord Next() => _made.Next();

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
        _made.AssertSameAnswers(records, index, keyed);
        foreach (string project in records.Projects())
        {
            Assert.Equal(new NewestExports(plain).Of(records.Records(project), context: null).Sha256, new NewestExports(repository).Of(project).Sha256);
        }

        string[] known = [.. records.Records(project: null).Select(static record => record.Sha256), ArchiveFixture.Hash("unknown")];
        for (int i = 0; i < 20; i++)
        {
            string export = known[^(i == 0 ? 1 : Random.Next(known.Length) + 1)];
            string project = Random.Next(9) == 0 ? "unknown" : MadeRecords.Projects[Random.Next(MadeRecords.Projects.Length)];
            Assert.Equal(MadeRecords.Text(plain.Archive.TryRecord(project, export)), MadeRecords.Text(repository.Archive.TryRecord(project, export)));
        }
    }

    public void Dispose() => _folder.Dispose();
}
