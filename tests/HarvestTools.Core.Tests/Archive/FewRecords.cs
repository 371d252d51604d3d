using HarvestTools.Archive;
using HarvestTools.Manifests;
using HarvestTools.Tests.Files;

namespace HarvestTools.Tests.Archive;

/// <summary>A folder with a few records, of which as much is kept as else of many, as one command after the other finds it.</summary>
internal sealed class FewRecords : IDisposable
{
    public const int Fewest = 4;

    private static readonly ProjectNames s_names = new(new Dictionary<string, ProjectSettings> { ["a"] = new() { Names = ["old"] } });
    private readonly TemporaryFolder _folder = new();

    public FewRecords(int seed, int count)
    {
        Made = new MadeRecords(seed);
        Directory.CreateDirectory(Folder);
        for (int i = 0; i < count; i++)
        {
            Write(Made.Archived());
        }
    }

    public MadeRecords Made { get; }

    public string Folder => _folder["exports"];

    public string KeysPath => _folder["cache/record-keys"];

    public string CachePath => _folder["cache/record-cache"];

    public IReadOnlyList<string> Files => [.. Directory.GetFiles(Folder, "*.json").Order(StringComparer.Ordinal)];

    /// <summary>As the next command finds the records.</summary>
    /// <param name="later">How many seconds from now.</param>
    public RecordIndex Open(int later = 0) => new(Folder, s_names, CachePath, Fewest, new Later(later));

    /// <summary>What the records say.</summary>
    public RecordIndex OpenWithoutKeys() => new(Folder, s_names, cachePath: null);

    /// <summary>Writes a record as another program would.</summary>
    public string Write(ExportRecord record)
    {
        string path = Path.Combine(Folder, record.FileName);
        File.WriteAllBytes(path + ".new", record.ToUtf8Bytes());
        File.Move(path + ".new", path, overwrite: true);
        return path;
    }

    /// <summary>Writes a record as a command does.</summary>
    public string Record(RecordIndex index, ExportRecord record)
    {
        string path = Path.Combine(Folder, record.FileName);
        ExportRecord? before = File.Exists(path) ? index.LoadAgain(path) : null;
        Write(record);
        index.Written(path, record, before);
        return path;
    }

    public void AssertAnswersAreThoseOfTheRecords(RecordIndex index, bool keyed = true) => Made.AssertSameAnswers(OpenWithoutKeys(), index, keyed);

    public void Dispose() => _folder.Dispose();

    private sealed class Later(int seconds) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow.AddSeconds(seconds);
    }
}
