using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Files;
using HarvestTools.Json;

namespace HarvestTools.Programs;

/// <summary>A program that was trusted on this machine.</summary>
/// <param name="Sha256">The hash of its definition: command line, files, parameters.</param>
/// <param name="HarvestVersion">What it was called, <c>harvest@v1.4.2</c>.</param>
/// <param name="Repository">The repository that it was trusted in; the trust holds in all.</param>
/// <param name="TrustedAt">When.</param>
public sealed record TrustedProgram(string Sha256, string HarvestVersion, string Repository, DateTimeOffset TrustedAt);

/// <summary>
/// The programs that may be run on this machine, by the hash of their definitions. It is the user's own, outside of every repository:
/// what comes with a clone trusts nothing.
/// </summary>
internal sealed class TrustList(string? folder)
{
    public const string FolderVariable = "HARVEST_TRUST_FOLDER";
    private const string FileName = "trusted-programs.jsonl";
    private const UnixFileMode Others = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>The list of the user who runs this.</summary>
    public static TrustList OfUser() => new(FolderOfUser());

    /// <summary>What is trusted, in the order in which it was.</summary>
    public IReadOnlyList<TrustedProgram> All()
    {
        if (folder is null || !File.Exists(PathIn(folder)) || !IsOwn(PathIn(folder)))
        {
            return [];
        }

        string text = System.Text.Encoding.UTF8.GetString(AtomicFile.ReadAllBytes(PathIn(folder)));
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(TryRead).OfType<TrustedProgram>()];
    }

    /// <summary>The list where it is not believed, since others can write it; null where it is, or is not there.</summary>
    public string? NotOwn => folder is not null && File.Exists(PathIn(folder)) && !IsOwn(PathIn(folder)) ? PathIn(folder) : null;

    public bool Contains(string sha256) => All().Any(program => program.Sha256 == sha256);

    /// <summary>Adds a program; false where it was there.</summary>
    public bool Add(TrustedProgram program)
    {
        bool added = false;
        Change(all =>
        {
            added = all.All(other => other.Sha256 != program.Sha256);
            return added ? [.. all, program] : all;
        });
        return added;
    }

    /// <summary>Takes programs out by the beginning of their hash.</summary>
    /// <exception cref="HarvestException">TrustUnknown.</exception>
    public IReadOnlyList<TrustedProgram> Remove(string prefix)
    {
        IReadOnlyList<TrustedProgram> removed = [];
        Change(all =>
        {
            removed = [.. all.Where(program => prefix.Length > 0 && program.Sha256.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))];
            return removed.Count > 0 ? [.. all.Except(removed)] : throw ProgramRunErrors.TrustUnknown(prefix);
        });
        return removed;
    }

    private static string PathIn(string folder) => Path.Combine(folder, FileName);

    /// <summary>A list that others can write is none of the user's own.</summary>
    private static bool IsOwn(string path) =>
        FileKinds.Of(path) == FileKind.Regular && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Others) == 0);

    private void Change(Func<IReadOnlyList<TrustedProgram>, IReadOnlyList<TrustedProgram>> change)
    {
        if (folder is null)
        {
            throw ProgramRunErrors.TrustNotWritable(null, "this user has no folder for settings");
        }

        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception fault) when (FileErrors.IsFileFault(fault))
        {
            throw ProgramRunErrors.TrustNotWritable(folder, fault.Message.TrimEnd('.'));
        }

        using FileLock others = FileLock.Acquire(Path.Combine(folder, ".lock"));
        IReadOnlyList<TrustedProgram> before = All();
        IReadOnlyList<TrustedProgram> after = change(before);
        if (ReferenceEquals(before, after))
        {
            return;
        }

        AtomicFile.WriteAllText(PathIn(folder), string.Concat(after.Select(static program => Write(program) + "\n")));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(PathIn(folder), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private static string Write(TrustedProgram program) => new JsonObject
    {
        ["sha256"] = program.Sha256,
        ["harvest_version"] = program.HarvestVersion,
        ["repository"] = program.Repository,
        ["trusted_at"] = Timestamp.From(program.TrustedAt).ToString(),
    }.ToJsonString();

    private static TrustedProgram? TryRead(string line)
    {
        try
        {
            return JsonNode.Parse(line) is JsonObject json && json["sha256"]?.GetValue<string>() is { } sha256 && Sha256Text.IsNormal(sha256)
                ? new TrustedProgram(
                    sha256,
                    json["harvest_version"]?.GetValue<string>() ?? "",
                    json["repository"]?.GetValue<string>() ?? "",
                    DateTimeOffset.TryParse(json["trusted_at"]?.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture, out DateTimeOffset at) ? at : default)
                : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // A line that is no entry trusts nothing.
            return null;
        }
    }

    private static string? FolderOfUser()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } named)
        {
            return Path.IsPathFullyQualified(named) ? named : null;
        }

        string? settings = OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData)
            : Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } own && Path.IsPathFullyQualified(own) ? own
            : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home ? Path.Combine(home, ".config")
            : null;
        return settings is { Length: > 0 } ? Path.Combine(settings, "harvesttools") : null;
    }
}
