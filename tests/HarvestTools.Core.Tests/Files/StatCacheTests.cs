using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using HarvestTools.Files;

namespace HarvestTools.Tests.Files;

/// <summary>When an earlier hash may stand for a file, and when never.</summary>
public sealed class StatCacheTests : IDisposable
{
    private static readonly DateTimeOffset s_later = DateTimeOffset.UtcNow.AddMinutes(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("harvest-stat-").FullName;
    private int _computed;

    private string CachePath => Path.Combine(_folder, "stat-cache.txt");

    [Fact]
    public void A_file_that_stays_as_it_is_is_hashed_once()
    {
        string file = Write("a", "one");

        Assert.Equal(Hash(file), Hash(file));
        Assert.Equal(1, _computed);
    }

    [Fact]
    public void Other_bytes_of_the_same_length_and_time_are_hashed_again()
    {
        string file = Write("a", "one");
        DateTime time = File.GetLastWriteTimeUtc(file);
        string before = Hash(file);
        File.WriteAllText(file, "two");
        File.SetLastWriteTimeUtc(file, time);

        // Windows tells no time of change that programs cannot set; there the stat is the same and so is the answer.
        Assert.Equal(OperatingSystem.IsWindows(), Hash(file) == before);
    }

    [Fact]
    public void A_file_put_in_its_place_is_hashed_again()
    {
        string file = Write("a", "one");
        string other = Write("b", "two");
        string before = Hash(file);
        File.SetLastWriteTimeUtc(other, File.GetLastWriteTimeUtc(file));
        File.Move(other, file, overwrite: true);

        Assert.NotEqual(before, Hash(file));
    }

    [Fact]
    public void A_file_changed_just_now_is_not_remembered()
    {
        string file = Write("a", "one");
        StatCache cache = StatCache.Open(CachePath, trusted: true);
        cache.Get(file, DateTimeOffset.UtcNow, () => Compute(file));
        cache.Save();

        Assert.False(File.Exists(CachePath));
        Hash(file);
        Assert.Equal(2, _computed);
    }

    [Fact]
    public void Without_trust_everything_is_hashed_and_the_cache_renewed()
    {
        string file = Write("a", "one");
        Hash(file);
        Hash(file, trusted: false);

        Assert.Equal(2, _computed);
        Hash(file);
        Assert.Equal(2, _computed);
    }

    [Fact]
    public void A_cache_that_is_not_trusted_is_not_kept_even_where_nothing_new_can_be_noted()
    {
        string file = Write("a", "one");
        Hash(file);
        string lines = string.Join('\n', File.ReadAllLines(CachePath).Skip(1)).Replace(FileHash.Compute(file), new string('f', 64), StringComparison.Ordinal) + "\n";
        File.WriteAllText(CachePath, $"harvest-stat-cache 2 {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines)))}\n{lines}");
        Assert.Equal(new string('f', 64), Hash(file));

        StatCache cache = StatCache.Open(CachePath, trusted: false);
        cache.Get(file, DateTimeOffset.UtcNow, () => Compute(file));
        cache.Save();

        Assert.Equal(FileHash.Compute(file), Hash(file));
    }

    [Theory]
    [InlineData("")]
    [InlineData("harvest-stat-cache 3\n")]
    [InlineData("harvest-stat-cache 2 e3b0\nnonsense\n1 2 3\n")]
    public void A_damaged_file_is_an_empty_cache(string text)
    {
        string file = Write("a", "one");
        File.WriteAllText(CachePath, text);

        Assert.Equal(Compute(file), Hash(file));
        Assert.Equal(2, _computed);
    }

    [Fact]
    public void A_bit_flipped_anywhere_in_it_is_an_empty_cache()
    {
        string file = Write("a", "one");
        string right = Hash(file);
        byte[] bytes = File.ReadAllBytes(CachePath);
        Assert.Contains(right, File.ReadAllText(CachePath), StringComparison.Ordinal);
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(CachePath, bytes);
            int before = _computed;
            Assert.Equal(right, StatCache.Open(CachePath, trusted: true).Get(file, DateTimeOffset.UtcNow, () => Compute(file)));
            Assert.Equal(before + 1, _computed);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    /// <summary>Size, times and numbers: each alone is enough to hash again.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_hash_taken_under_another_stat_is_not_believed(int field)
    {
        string file = Write("a", "one");
        string right = Hash(file);
        string[] fields = File.ReadAllLines(CachePath)[1].Split(' ', 7);
        fields[field] = (long.Parse(fields[field], CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);
        byte[] line = Encoding.UTF8.GetBytes(string.Join(' ', fields) + "\n");
        File.WriteAllBytes(CachePath, [.. Encoding.UTF8.GetBytes($"harvest-stat-cache 2 {Convert.ToHexStringLower(SHA256.HashData(line))}\n"), .. line]);

        Assert.Equal(right, Hash(file));
        Assert.Equal(2, _computed);
        Assert.Equal(3, FileStat.TryGet(file)!.Bytes);
    }

    [Fact]
    public void Files_that_are_gone_leave_the_cache()
    {
        string gone = Write("gone", "one");
        Hash(gone);
        File.Delete(gone);
        Hash(Write("there", "two"));

        Assert.Single(File.ReadAllLines(CachePath).Skip(1));
    }

    [Fact]
    public void A_file_that_the_program_wrote_need_not_settle()
    {
        string file = Write("a", "one");
        StatCache cache = StatCache.Open(CachePath, trusted: true);
        cache.Written(file, new string('a', 64));
        cache.Save();

        Assert.Equal(new string('a', 64), Hash(file));
        Assert.Equal(0, _computed);
    }

    [Fact]
    public void A_second_name_that_the_program_gives_a_file_leaves_it_known_under_both()
    {
        string file = Write("a", "one");
        string hash = Hash(file);
        StatCache cache = StatCache.Open(CachePath, trusted: true);
        cache.Get(file, s_later, () => Compute(file));
        string linked = Path.Combine(_folder, "b");
        Assert.True(AtomicFile.HardLinkOrCopy(file, linked));
        cache.Linked(file, linked);
        cache.Save();

        Assert.Equal(hash, Hash(file));
        Assert.Equal(hash, Hash(linked));
        Assert.Equal(1, _computed);
        Assert.Equal(OperatingSystem.IsWindows() ? 2 : 1, File.ReadAllLines(CachePath).Skip(1).Count());
    }

    [Fact]
    public void A_copy_under_a_name_that_was_to_be_a_link_is_not_taken_for_the_file()
    {
        string file = Write("a", "one");
        StatCache cache = StatCache.Open(CachePath, trusted: true);
        cache.Get(file, s_later, () => Compute(file));
        string other = Write("b", "two");
        cache.Linked(file, other);

        Assert.Equal(FileHash.Compute(other), cache.Get(other, s_later, () => Compute(other)));
        Assert.Equal(2, _computed);
    }

    [Fact]
    public void A_file_changed_before_its_second_name_is_noted_is_hashed_again()
    {
        string file = Write("a", "one");
        StatCache cache = StatCache.Open(CachePath, trusted: true);
        string before = cache.Get(file, s_later, () => Compute(file));
        File.WriteAllText(file, "other");
        cache.Linked(file, Path.Combine(_folder, "b"));

        Assert.NotEqual(before, cache.Get(file, s_later, () => Compute(file)));
    }

    [Fact]
    public void A_cache_that_cannot_be_written_is_no_fault()
    {
        string file = Write("a", "one");
        StatCache cache = StatCache.Open(Path.Combine(file, "stat-cache.txt"), trusted: true);
        cache.Get(file, s_later, () => Compute(file));

        Assert.Throws<HarvestException>(cache.Save);
        cache.Get(Write("b", "two"), s_later, () => "");
        cache.TrySave();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text, new UTF8Encoding(false));
        return path;
    }

    private string Hash(string file, bool trusted = true)
    {
        StatCache cache = StatCache.Open(CachePath, trusted);
        string hash = cache.Get(file, s_later, () => Compute(file));
        cache.Save();
        return hash;
    }

    private string Compute(string file)
    {
        _computed++;
        return FileHash.Compute(file);
    }
}
