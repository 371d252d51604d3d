using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Tests.Architecture;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Faults;

/// <summary>
/// One bit that is not as it was written, in every kind of file: <c>fsck</c> or <c>check</c> finds it, or the file is made again, or
/// it is proved to be without consequence. The long form writes what it counted into docs/reliability.md where
/// <c>HARVEST_WRITE_PAGES=1</c>.
/// </summary>
public sealed class FlippedBitTests : IDisposable
{
    private const int ShortFlips = 10;
    private const int LongFlips = 125;
    private const int Seed = 20_26_11;

    private static readonly string s_page = Path.Combine(Checkout.Root, "docs", "reliability.md");
    private static readonly Regex s_table = new("(?<=<!-- flipped bits -->\n).*?(?=<!-- end -->)", RegexOptions.Singleline);

    private readonly Dictionary<FlippedRepository, FaultRepository> _templates = new()
    {
        [FlippedRepository.Loose] = FlippedRepositories.Loose(),
        [FlippedRepository.Packed] = FlippedRepositories.Packed(),
    };

    private static bool Long => Environment.GetEnvironmentVariable("HARVEST_LONG_TESTS") == "1";

    public void Dispose()
    {
        foreach (FaultRepository template in _templates.Values)
        {
            template.Dispose();
        }
    }

    [Fact]
    public void Is_found_or_made_good_or_without_consequence()
    {
        var before = _templates.ToDictionary(static one => one.Key, static one => Findings(one.Value));
        var random = new Random(Seed);
        var rows = new List<string>();
        var unseen = new List<string>();
        int all = 0;
        foreach (DamagedKind kind in DamagedKind.All)
        {
            FaultRepository template = _templates[kind.In];
            string[] files = FilesOf(template, kind);
            Assert.True(files.Length > 0, $"there is no {kind.Name}");
            int found = 0;
            int regenerated = 0;
            var reasons = new SortedDictionary<string, int>(StringComparer.Ordinal);
            int flips = Long ? LongFlips : ShortFlips;
            for (int i = 0; i < flips; i++)
            {
                string file = files[random.Next(files.Length)];
                byte[] written = File.ReadAllBytes(template.PathOf(file));

                // An empty file has no bit to flip: what a disk can do to it is give it one.
                byte[] flipped = written.Length == 0 ? [0] : [.. written];
                int bit = random.Next(flipped.Length * 8);
                flipped[bit / 8] ^= (byte)(1 << (bit % 8));
                using FaultRepository copy = template.Copy();
                Overwrite(copy.PathOf(file), flipped);
                if (IsFound(copy, before[kind.In]))
                {
                    found++;
                }
                else if (IsMadeAgain(template, copy, file, flipped))
                {
                    regenerated++;
                }
                else if (kind.Why(written, flipped) is { } why)
                {
                    reasons[why] = reasons.GetValueOrDefault(why) + 1;
                }
                else
                {
                    unseen.Add($"{file} bit {bit} of {written.Length * 8}: {Around(written, bit / 8)} -> {Around(flipped, bit / 8)}");
                }
            }

            all += flips;
            rows.Add(string.Create(CultureInfo.InvariantCulture, $"| {kind.Name} | {flips} | {found} | {regenerated} | {Because(reasons)} |\n"));
        }

        Assert.True(unseen.Count == 0, string.Join(Environment.NewLine, unseen.Prepend(string.Concat(rows))));
        if (Long && Environment.GetEnvironmentVariable("HARVEST_WRITE_PAGES") == "1")
        {
            Assert.True(all >= 2000, $"only {all} flips");
            string page = File.ReadAllText(s_page).ReplaceLineEndings("\n");
            string table = $"| kind | flips | found | regenerated | without consequence (why) |\n|---|---|---|---|---|\n{string.Concat(rows)}";
            File.WriteAllText(s_page, s_table.Replace(page, table.Replace("$", "$$", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void Has_a_row_for_every_kind_in_the_page()
    {
        string table = s_table.Match(File.ReadAllText(s_page).ReplaceLineEndings("\n")).Value;
        string[] kinds = [.. table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2).Select(static row => row.Split('|')[1].Trim())];
        Assert.Equal(DamagedKind.All.Select(static kind => kind.Name), kinds);
    }

    private static string Because(SortedDictionary<string, int> reasons) => reasons.Count == 0 ? "0" : string.Join(
        "; ", reasons.Select(static reason => string.Create(CultureInfo.InvariantCulture, $"{reason.Value}: {reason.Key}")));

    private static string Around(byte[] bytes, int at) =>
        Encoding.Latin1.GetString(bytes, Math.Max(0, at - 20), Math.Min(bytes.Length - Math.Max(0, at - 20), 30));

    private static bool IsFound(FaultRepository copy, IReadOnlyList<string> before)
    {
        try
        {
            return Findings(copy).Except(before).Any();
        }
        catch (HarvestException)
        {
            return true;
        }
    }

    /// <summary>What <c>fsck</c> and <c>check</c> say, without the places, which differ between copies.</summary>
    private static List<string> Findings(FaultRepository of)
    {
        List<string> found = [.. of.Check(repair: false, out _).Select(finding => $"fsck {finding.Kind} {finding.Message.Replace(of.Folder, string.Empty, StringComparison.Ordinal)}")];
        foreach (CheckedSlice slice in CheckSlices.Run(of.Repository, [], quick: false, of.Context, media: true))
        {
            found.AddRange(slice.Error is { } error
                ? [$"check {slice.Version} {error.ErrorId}"]
                : slice.Report!.Findings.Select(finding => $"check {slice.Version} {finding.Kind} {finding.Severity} {finding.Subject?.Replace(of.Folder, string.Empty, StringComparison.Ordinal)}"));
        }

        if (of.Repository.Settings.Remotes.Count > 0)
        {
            RemoteReport remote = CheckRemote.Run(of.Repository, [], null, deep: true, of.Context, media: true);
            found.AddRange(remote.Objects.Where(static one => one.State is not (RemoteState.Verified or RemoteState.Present)).Select(static one => $"remote {one.What} {one.Sha256} {one.State}"));
        }

        return found;
    }

    /// <summary>The commands that use the file give what they give without the flip, and write the file again.</summary>
    private static bool IsMadeAgain(FaultRepository template, FaultRepository copy, string file, byte[] flipped)
    {
        foreach (SliceManifest slice in template.Repository.Slices.Versions().Select(template.Repository.Slices.Load))
        {
            BuiltSlice built = BuildSlice.Run(copy.Repository, copy.Repository.Slices.Load(slice.Version), copy.Context);
            foreach (BuiltTable table in built.Tables)
            {
                SliceOutput? output = slice.Outputs.FirstOrDefault(output => output.Table == table.Table && output.Export == table.Export);
                if (output is not null && FileHash.Compute(table.Path) != output.Sha256)
                {
                    return false;
                }
            }
        }

        _ = CheckSlices.Run(copy.Repository, [], quick: true, copy.Context).Count();
        return !File.Exists(copy.PathOf(file)) || !File.ReadAllBytes(copy.PathOf(file)).AsSpan().SequenceEqual(flipped);
    }

    private static void Overwrite(string path, byte[] bytes)
    {
        // As a disk does it: what the permissions are stays as it was.
        bool readOnly = FileAccessBits.IsReadOnly(path);
        if (readOnly && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserWrite);
        }

        _ = FileAccessBits.ClearForReplacement(path);
        File.WriteAllBytes(path, bytes);
        if (readOnly)
        {
            FileAccessBits.MakeReadOnly(path);
        }
    }

    private static string[] FilesOf(FaultRepository template, DamagedKind kind)
    {
        string pattern = Regex.Escape(kind.Pattern).Replace("\\*\\*", ".*", StringComparison.Ordinal).Replace("\\*", "[^/]*", StringComparison.Ordinal)
            .Replace("cache/slice/", "cache/[0-9a-f]{12,64}/", StringComparison.Ordinal);
        return
        [
            .. Directory.EnumerateFiles(template.Folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
                .Select(path => Path.GetRelativePath(template.Folder, path).Replace(Path.DirectorySeparatorChar, '/'))
                .Where(path => Regex.IsMatch(path, $"^{pattern}$"))
                .Order(StringComparer.Ordinal),
        ];
    }
}
