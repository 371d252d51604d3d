using System.Text;
using HarvestTools.Drift;
using HarvestTools.Files;
using HarvestTools.History;
using HarvestTools.Manifests;
using HarvestTools.Reports;
using HarvestTools.Repositories;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>How much the report looks into.</summary>
public enum ReportCheck
{
    /// <summary>What manifests and records of the cache say.</summary>
    None,

    /// <summary>Also checks every slice without deriving.</summary>
    Quick,

    /// <summary>Also checks every slice, deriving it again.</summary>
    Full,
}

/// <summary>A report that was written.</summary>
/// <param name="Path">Full path of the file.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Slices">How many slices it shows.</param>
/// <param name="Models">How many models and runs.</param>
/// <param name="Drifted">How many slices have drifted; null where none was checked.</param>
/// <param name="Unverifiable">How many slices could not be verified; null where none was checked.</param>
/// <param name="Faults">What could not be read or checked; the page tells it too.</param>
public sealed record WrittenReport(string Path, long Bytes, int Slices, int Models, int? Drifted, int? Unverifiable, IReadOnlyList<HarvestException> Faults);

/// <summary>Writes the version graph as one self-contained HTML file.</summary>
public static class WriteReport
{
    /// <param name="repository">The repository.</param>
    /// <param name="path">The file; a page that is there is replaced, and anything else is left alone. Its folder is made.</param>
    /// <param name="check">Whether slices are checked.</param>
    /// <param name="context">Threads, progress, cancellation, and the spelling of commands on the page.</param>
    /// <exception cref="HarvestException">harvest.json cannot be read, or the file cannot be written.</exception>
    public static WrittenReport Run(Repository repository, string path, ReportCheck check, WorkContext context)
    {
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            throw FileErrors.NotAFile(full, "write");
        }

        // The page takes the place of what has its name, and a pipe or a device would be gone, /dev/null too where root writes.
        FileKinds.RequireReadable(full, "write");
        RequirePage(full);
        var slices = new Dictionary<string, SliceManifest>(StringComparer.Ordinal);
        var faults = new List<(string Version, HarvestException Fault)>();
        foreach (SliceEntry entry in repository.Slices.LoadAll(context.Cancellation))
        {
            if (entry.Manifest is not null)
            {
                slices.Add(entry.Version, entry.Manifest);
            }
            else
            {
                faults.Add((entry.Version, entry.Error!));
            }
        }

        Dictionary<string, DriftReport>? drift = check == ReportCheck.None ? null : Check(repository, slices, check == ReportCheck.Quick, faults, context);
        IReadOnlyList<SliceHistoryEntry> history = SliceHistory.Of(slices.Values);
        string page = ReportPage.Render(new ReportReader(repository, context).Complete(
            new ReportData(Path.GetFileName(repository.Root), history, slices, drift, faults, context.Commands)));
        DurableFolder.Ensure(Path.GetDirectoryName(full)!);
        AtomicFile.WriteAllText(full, page);
        return new WrittenReport(
            full,
            new FileInfo(full).Length,
            history.Count,
            history.Sum(static entry => entry.Models.Count),
            drift?.Values.Count(static report => report.Status == DriftStatus.Drifted),
            drift?.Values.Count(static report => report.Status == DriftStatus.Unverifiable),
            [.. faults.Select(static fault => fault.Fault)]);
    }

    /// <summary>A page takes the place of a page: whoever mistypes a name does not lose settings or an export.</summary>
    private static void RequirePage(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        ReadOnlySpan<byte> start = "<!doctype html"u8;
        Span<byte> found = stackalloc byte[start.Length];
        int length;
        using (FileStream file = AtomicFile.OpenRead(path, bufferBytes: 0))
        {
            length = file.ReadAtLeast(found, found.Length, throwOnEndOfStream: false);
        }

        if (length > 0 && !Ascii.EqualsIgnoreCase(found[..length], start))
        {
            throw FileErrors.FileWouldBeLost(path, "a page of HTML");
        }
    }

    private static Dictionary<string, DriftReport> Check(
        Repository repository, Dictionary<string, SliceManifest> slices, bool quick, List<(string Version, HarvestException Fault)> faults, WorkContext context)
    {
        var drift = new Dictionary<string, DriftReport>(StringComparer.Ordinal);
        if (slices.Count == 0)
        {
            return drift;
        }

        foreach (CheckedSlice result in CheckSlices.Run(repository, [.. slices.Keys], quick, context))
        {
            if (result.Report is not null)
            {
                drift.Add(result.Version, result.Report);
            }
            else
            {
                faults.Add((result.Version, result.Error!));
            }
        }

        return drift;
    }
}
