using System.Security.Cryptography;
using System.Text;
using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Tests.Files;

namespace HarvestTools.Tests.Archive;

/// <summary>The kept keys are believed where all that they carry is right: their digest, the folder's stat and the names of its records.</summary>
public sealed class RecordKeysFileTests : IDisposable
{
    private const string Header = "harvest-record-keys 1 ";

    private readonly FewRecords _few = new(seed: 1, count: 5);
    private readonly TemporaryFolder _folder = new();
    private readonly RecordKeysFile _file;
    private readonly RecordKeys _keys;
    private readonly FileStat _stat;

    public RecordKeysFileTests()
    {
        _file = new RecordKeysFile(KeysPath, _few.Folder);
        _keys = RecordKeys.Of(_few.OpenWithoutKeys().Records(project: null));
        _stat = FolderStat.TryGet(_few.Folder)!;
    }

    private string KeysPath => _folder["cache/keys"];

    public void Dispose()
    {
        _few.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void They_come_back_under_the_very_stat()
    {
        Assert.Null(_file.TryLoad(_stat));
        Assert.False(_file.Has(_keys, _stat));
        Save();
        RecordKeys loaded = _file.TryLoad(_stat)!;
        Assert.Equal((5, _keys.Names), (loaded.Count, loaded.Names));
        Assert.True(_file.Has(_keys, _stat));
        Assert.True(_file.Has(loaded, _stat));
        Assert.Null(_file.TryLoad(null));
        foreach (FileStat other in new[]
        {
            _stat with { Bytes = _stat.Bytes + 1 }, _stat with { Modified = _stat.Modified + 1 }, _stat with { Changed = _stat.Changed + 1 },
            _stat with { Inode = _stat.Inode + 1 }, _stat with { Device = _stat.Device + 1 },
        })
        {
            Assert.Null(_file.TryLoad(other));
            Assert.False(_file.Has(_keys, other));
        }
    }

    [Fact]
    public void Of_another_layout_or_without_the_right_digest_they_are_none()
    {
        Save();
        byte[] body = Body();
        string digest = Digest(body);
        Put($"{Header}{digest}\n", body);
        Assert.NotNull(_file.TryLoad(_stat));
        foreach (string first in new[] { $"harvest-record-keys 2 {digest}\n", $"{Header}{new string('0', 64)}\n", $"{Header}{digest}", "\n", "" })
        {
            Put(first, body);
            Assert.Null(_file.TryLoad(_stat));
            Assert.False(_file.Has(_keys, _stat));
        }
    }

    [Fact]
    public void Of_another_label_hash_or_cut_short_under_a_right_digest_they_are_none()
    {
        Save();
        byte[] body = Body();
        Assert.Equal(LabelHash.Version, BitConverter.ToInt32(body));
        byte[] other = [.. BitConverter.GetBytes(LabelHash.Version + 1), .. body[4..]];
        Put($"{Header}{Digest(other)}\n", other);
        Assert.Null(_file.TryLoad(_stat));
        foreach (int length in new[] { 3, 20, body.Length - 1 })
        {
            Put($"{Header}{Digest(body[..length])}\n", body[..length]);
            Assert.Null(_file.TryLoad(_stat));
        }
    }

    /// <summary>A change within one tick of the folder's times leaves its stat as it was.</summary>
    [Fact]
    public void The_names_of_records_count_and_no_others()
    {
        Save();
        string sha256 = new('a', 64);
        foreach (string name in new[] { "notes.txt", "x.json", $"{sha256}.json", $"-{sha256}.json", $"p_{sha256}.json", $"p-{sha256}.JSON", $"p-{sha256}", $"p-{sha256.ToUpperInvariant()}.json" })
        {
            File.WriteAllText(Path.Combine(_few.Folder, name), "");
        }

        Assert.NotNull(_file.TryLoad(_stat));
        string added = Path.Combine(_few.Folder, $"p-{sha256}.json");
        File.Delete(Path.Combine(_few.Folder, $"p-{sha256}.JSON"));
        File.WriteAllText(added, "");
        Assert.Null(_file.TryLoad(_stat));
        File.Delete(added);
        Assert.NotNull(_file.TryLoad(_stat));

        // Hidden ones are records too.
        File.WriteAllText(Path.Combine(_few.Folder, $".p-{sha256}.json"), "");
        Assert.Null(_file.TryLoad(_stat));
        Directory.Delete(_few.Folder, recursive: true);
        Assert.Null(_file.TryLoad(_stat));
        Directory.CreateDirectory(_few.Folder);
    }

    [Fact]
    public void Where_times_are_of_seconds_they_are_kept_of_a_folder_that_is_settled()
    {
        long second = OperatingSystem.IsWindows() ? TimeSpan.TicksPerSecond : 1_000_000_000;
        FileStat coarse = _stat with { Modified = _stat.Modified / second * second };
        DateTimeOffset now = DateTimeOffset.UtcNow;
        _file.TrySave(_keys, coarse, now);
        Assert.False(File.Exists(KeysPath));
        _file.TrySave(_keys, coarse, now.AddSeconds(10));
        Assert.NotNull(_file.TryLoad(coarse));
        _file.TrySave(_keys, coarse with { Modified = coarse.Modified + 1 }, now);
        Assert.NotNull(_file.TryLoad(coarse with { Modified = coarse.Modified + 1 }));
    }

    [Fact]
    public void What_the_disk_does_not_give_is_none_and_is_not_what_was_kept()
    {
        Save();
        using (FileFaults.Use(new AtOpening(KeysPath)))
        {
            Assert.Null(_file.TryLoad(_stat));
            Assert.False(_file.Has(_keys, _stat));
        }

        Assert.True(_file.Has(_keys, _stat));
    }

    [Fact]
    public void Where_they_cannot_be_kept_nothing_happens()
    {
        Directory.CreateDirectory(KeysPath);
        Save();
        Assert.Null(_file.TryLoad(_stat));
        Assert.False(_file.Has(_keys, _stat));
        Assert.Empty(Directory.GetFiles(_folder["cache"]));
        Directory.Delete(KeysPath);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there that tests may not have");
        string target = _folder.Write("elsewhere", "x");
        File.CreateSymbolicLink(KeysPath, target);
        Save();
        Assert.Equal("x", File.ReadAllText(target));
        Assert.Equal(target, new FileInfo(KeysPath).LinkTarget);
        File.Delete(KeysPath);
        Directory.Delete(_folder["cache"]);
        Directory.CreateDirectory(_folder["other"]);
        Directory.CreateSymbolicLink(_folder["cache"], _folder["other"]);
        Save();
        Assert.Empty(Directory.GetFiles(_folder["other"]));
    }

    private void Save() => _file.TrySave(_keys, _stat, DateTimeOffset.UtcNow);

    private byte[] Body()
    {
        byte[] whole = File.ReadAllBytes(KeysPath);
        return whole[(whole.AsSpan().IndexOf((byte)'\n') + 1)..];
    }

    private void Put(string first, byte[] body) => File.WriteAllBytes(KeysPath, [.. Encoding.UTF8.GetBytes(first), .. body]);

    private static string Digest(byte[] body) => Convert.ToHexStringLower(SHA256.HashData(body));
}
