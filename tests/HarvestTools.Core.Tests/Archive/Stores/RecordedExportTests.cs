using System.IO.Compression;
using System.Text;
using HarvestTools.Archive;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.Tests.Files;

namespace HarvestTools.Tests.Archive.Stores;

/// <summary>The file that an export was added from counts only while it has the export's hash.</summary>
public sealed class RecordedExportTests : IDisposable
{
    private const string Json = "[{\"id\":1,\"annotations\":[]}]";

    private static readonly string Right = ArchiveFixture.Hash(Json);
    private static readonly string Other = ArchiveFixture.Hash("other");

    private readonly TemporaryFolder _folder = new();
    private int _hashed;

    private string FilePath => _folder["export.json"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_with_the_hash_is_the_one_object()
    {
        File.WriteAllText(FilePath, Json);
        RecordedFile file = Of(Right);

        Assert.Equal([Right], file.Contains([Other, Right]));
        Assert.Equal(new StoredObject(StoredKind.Object, Right, Json.Length, FilePath), Assert.Single(file.List()));
        Assert.Equal(Right, Assert.Single(file.List(Right[..4])).Name);
        Assert.Empty(file.List(Right[0] == '0' ? "1" : "0"));
        using ObjectContent content = file.TryOpen(Right)!;
        Assert.Equal((Json.Length, Json), (content.Bytes, Encoding.UTF8.GetString(content.ToArray("it"))));
        Assert.Equal(FilePath, file.LocalPath(Right));
        Assert.Null(file.TryOpen(Other));
        Assert.Null(file.LocalPath(Other));
        Assert.Equal(1, _hashed);
        Assert.Equal($"'{FilePath}'", file.Name);
    }

    [Fact]
    public void A_file_with_other_bytes_or_none_is_nothing()
    {
        Assert.Empty(Of(Right).Contains([Right]));
        File.WriteAllText(FilePath, "other");
        RecordedFile file = Of(Right);

        Assert.Empty(file.Contains([Right, Other]));
        Assert.Empty(file.List());
        Assert.Null(file.TryOpen(Right));
        Assert.Null(file.LocalPath(Right));
    }

    [Fact]
    public void A_packed_file_is_read_and_has_no_path_of_its_own()
    {
        using (var packed = new GZipStream(File.Create(FilePath), CompressionLevel.Fastest))
        {
            packed.Write(Encoding.UTF8.GetBytes(Json));
        }

        RecordedFile file = Of(Right);
        using ObjectContent content = file.TryOpen(Right)!;
        Assert.Equal(Json, Encoding.UTF8.GetString(content.ToArray("it")));
        Assert.Null(file.LocalPath(Right));
    }

    [Fact]
    public void A_pointer_is_nothing_where_git_lfs_has_not_got_the_file()
    {
        File.WriteAllText(FilePath, $"version https://git-lfs.github.com/spec/v1\noid sha256:{Right}\nsize {Json.Length}\n");

        // The pointer's hash is that of what it names.
        Assert.Empty(new RecordedFile(Right, FilePath, _ => Right).Contains([Right]));
    }

    [Fact]
    public void Who_stops_is_heeded_and_what_is_no_hash_is_refused()
    {
        File.WriteAllText(FilePath, Json);
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();

        Assert.Throws<OperationCanceledException>(() => Of(Right).TryOpen(Right, stopped.Token));
        Assert.Throws<OperationCanceledException>(() => Of(Right).List("", stopped.Token).ToList());
        foreach (string wrong in new[] { "abc", Right.ToUpperInvariant() })
        {
            Assert.Equal("HashPrefixInvalid", Assert.Throws<HarvestException>(() => Of(Right).TryOpen(wrong)).ErrorId);
            Assert.Equal("HashPrefixInvalid", Assert.Throws<HarvestException>(() => Of(Right).LocalPath(wrong)).ErrorId);
            Assert.Equal("HashPrefixInvalid", Assert.Throws<HarvestException>(() => Of(Right).Contains([wrong])).ErrorId);
        }
    }

    private RecordedFile Of(string sha256) => new(sha256, FilePath, path =>
    {
        _hashed++;
        return File.Exists(path) ? ExportContent.HashOf(path) : null;
    });
}
