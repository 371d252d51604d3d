using HarvestTools.Manifests;

namespace HarvestTools.Tests.Manifests;

/// <summary>When a manifest that was read is used in the place of its file, and when never.</summary>
public sealed class KnownManifestsTests : IDisposable
{
    private static readonly DateTimeOffset s_later = DateTimeOffset.UtcNow.AddMinutes(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("harvest-known-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_manifest_that_stays_as_it_is_is_understood_once()
    {
        var known = new KnownManifests();
        string path = Write("a", "one");

        Assert.Same(known.Load(path, s_later), known.Load(path, s_later));
    }

    [Fact]
    public void Another_one_of_the_same_length_and_time_is_read()
    {
        var known = new KnownManifests();
        string path = Write("a", "one");
        DateTime time = File.GetLastWriteTimeUtc(path);
        Assert.Equal("one", known.Load(path, s_later).Reason);
        string other = Write("b", "two");
        File.SetLastWriteTimeUtc(other, time);
        File.Move(other, path, overwrite: true);

        Assert.Equal("two", known.Load(path, s_later).Reason);
        Assert.Same(known.Load(path, s_later), known.Load(path, s_later));
    }

    [Fact]
    public void One_that_was_written_just_now_is_read_again()
    {
        var known = new KnownManifests();
        string path = Write("a", "one");

        Assert.NotSame(known.Load(path, DateTimeOffset.UtcNow), known.Load(path, DateTimeOffset.UtcNow));
    }

    [Fact]
    public void A_long_history_is_not_kept()
    {
        string[] paths = [Write("a", "one"), Write("b", "two"), Write("c", "six")];
        var known = new KnownManifests(2 * new FileInfo(paths[0]).Length);
        SliceManifest[] first = [.. paths.Select(path => known.Load(path, s_later))];
        SliceManifest[] second = [.. paths.Select(path => known.Load(path, s_later))];

        Assert.Equal([true, true, false], first.Zip(second).Select(static pair => ReferenceEquals(pair.First, pair.Second)));
    }

    [Fact]
    public void What_cannot_be_read_is_said_each_time()
    {
        var known = new KnownManifests();
        string path = Write("a", "one");
        Assert.Equal("one", known.Load(path, s_later).Reason);
        File.WriteAllText(path, "{");

        Assert.Throws<HarvestException>(() => known.Load(path, s_later));
        Assert.Throws<HarvestException>(() => known.Load(path, s_later));
    }

    private string Write(string name, string reason)
    {
        string path = Path.Combine(_folder, name);
        var manifest = new SliceManifest
        {
            Version = "v1",
            Reason = reason,
            Exports = [new SliceExport { Project = "p", Sha256 = new string('a', 64) }],
            HarvestVersion = "harvest@v1",
        };
        File.WriteAllBytes(path, manifest.ToUtf8Bytes());
        return path;
    }
}
