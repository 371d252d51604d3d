using System.Text;
using HarvestTools.Archive;

namespace HarvestTools.Tests.Archive.Stores;

/// <summary>Several sources as one: the first that has an object gives it, and those behind it are not asked.</summary>
public sealed class SourcesInOrderTests
{
    private static readonly string One = ArchiveFixture.Hash("one");
    private static readonly string Two = ArchiveFixture.Hash("two");
    private static readonly string None = ArchiveFixture.Hash("none");

    private readonly Asked _near = new("near") { Objects = { [One] = "one of near" } };
    private readonly Asked _far = new("far") { Objects = { [One] = "one of far", [Two] = "two" } };

    private SourcesInOrder Sources => new(_near, _far);

    [Fact]
    public void Equal_names_are_named_once() =>
        Assert.Equal("near or far", new SourcesInOrder(_near, _far, new Asked("near")).Name);

    [Fact]
    public void A_later_source_is_asked_for_what_is_missing_alone()
    {
        Assert.Equal([One, Two], Sources.Contains([One, Two, None]).Order(StringComparer.Ordinal).OrderBy(hash => hash == Two));
        Assert.Equal([$"contains {string.Join(' ', new[] { One, Two, None }.Order(StringComparer.Ordinal))}"], _near.Questions);
        Assert.Equal([$"contains {string.Join(' ', new[] { Two, None }.Order(StringComparer.Ordinal))}"], _far.Questions);
    }

    [Fact]
    public void No_later_source_is_asked_where_nothing_is_missing()
    {
        Assert.Equal([One], Sources.Contains([One]));
        Assert.Empty(_far.Questions);
    }

    [Fact]
    public void An_object_of_several_is_listed_once_and_other_things_each_time()
    {
        _near.Others.Add(new StoredObject(StoredKind.Foreign, "odd", 1, null));
        _far.Others.Add(new StoredObject(StoredKind.Foreign, "odd", 2, null));

        Assert.Equal(
            new[] { (One, "near"), ("odd", ""), (Two, "far"), ("odd", "") },
            Sources.List("ab").Select(static stored => (stored.Name, stored.LocalPath ?? "")).ToArray());
        Assert.Equal(["list ab", "list ab"], _near.Questions.Concat(_far.Questions));
    }

    [Fact]
    public void The_first_that_has_it_opens_it_and_gives_its_path()
    {
        Assert.Equal("one of near", Text(Sources.TryOpen(One)));
        Assert.Equal("near", Sources.LocalPath(One));
        Assert.Empty(_far.Questions);

        Assert.Equal("two", Text(Sources.TryOpen(Two)));
        Assert.Equal("far", Sources.LocalPath(Two));
        Assert.Equal([$"open {Two}", $"path {Two}"], _far.Questions);

        Assert.Null(Sources.TryOpen(None));
        Assert.Null(Sources.LocalPath(None));
    }

    [Fact]
    public void Who_stops_is_heeded_by_each()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();

        Assert.Throws<OperationCanceledException>(() => Sources.Contains([One], stopped.Token));
        Assert.Throws<OperationCanceledException>(() => Sources.TryOpen(One, stopped.Token));
        Assert.Throws<OperationCanceledException>(() => Sources.List("", stopped.Token).ToList());
    }

    private static string? Text(ObjectContent? content)
    {
        using (content)
        {
            return content is null ? null : Encoding.UTF8.GetString(content.ToArray("one"));
        }
    }

    /// <summary>A source that notes what it is asked.</summary>
    private sealed class Asked(string name) : IObjectSource
    {
        public string Name => name;

        public Dictionary<string, string> Objects { get; } = [];

        public List<StoredObject> Others { get; } = [];

        public List<string> Questions { get; } = [];

        public IReadOnlySet<string> Contains(IEnumerable<string> sha256, CancellationToken cancellation = default)
        {
            cancellation.ThrowIfCancellationRequested();
            string[] asked = [.. sha256.Order(StringComparer.Ordinal)];
            Questions.Add($"contains {string.Join(' ', asked)}");
            return asked.Where(Objects.ContainsKey).ToHashSet();
        }

        public IEnumerable<StoredObject> List(string prefix = "", CancellationToken cancellation = default)
        {
            cancellation.ThrowIfCancellationRequested();
            Questions.Add($"list {prefix}");
            return Objects.Keys.Select(hash => new StoredObject(StoredKind.Object, hash, 1, name)).Concat(Others);
        }

        public ObjectContent? TryOpen(string sha256, CancellationToken cancellation = default)
        {
            cancellation.ThrowIfCancellationRequested();
            Questions.Add($"open {sha256}");
            return Objects.TryGetValue(sha256, out string? text) ? new ObjectContent(new MemoryStream(Encoding.UTF8.GetBytes(text)), text.Length) : null;
        }

        public string? LocalPath(string sha256)
        {
            Questions.Add($"path {sha256}");
            return Objects.ContainsKey(sha256) ? name : null;
        }
    }
}
