using System.Management.Automation;
using HarvestTools.Drift;
using HarvestTools.Manifests;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Derives slices again from the archive and says whether they are still what they recorded.</summary>
[Cmdlet(VerbsDiagnostic.Test, "SliceDrift")]
[OutputType(typeof(DriftReport), typeof(bool))]
public sealed class TestSliceDriftCommand : SliceCommand
{
    private CheckSlice? _check;
    private HarvestRepository? _checked;
    private readonly HashSet<string> _faults = new(StringComparer.Ordinal);
    private bool _drifted;
    private bool _verified;
    private bool _unverifiable;

    [Parameter]
    public SwitchParameter Quick { get; set; }

    [Parameter]
    public SwitchParameter Rehash { get; set; }

    /// <summary>Check quickly, and derive that many exports all the same, chosen by the commit that is checked out.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Sample { get; set; }

    /// <summary>Compares the media that slices list with the files that are here.</summary>
    [Parameter]
    public SwitchParameter IncludeMedia { get; set; }

    /// <summary>Runs a team's own program twice, the second time under other conditions, and says what its tables depend on.</summary>
    [Parameter]
    public SwitchParameter Twice { get; set; }

    [Parameter]
    public SwitchParameter Quiet { get; set; }

    [Parameter]
    public SwitchParameter AllowUnverified { get; set; }

    /// <summary>Runs a team's own program without asking whether it was trusted.</summary>
    [Parameter]
    public SwitchParameter TrustProgram { get; set; }

    private protected override bool TrustsPrograms => TrustProgram;

    private protected override void ProcessVersions(HarvestRepository repository, IReadOnlyList<string> versions)
    {
        RunOrEnd<object?>(() =>
        {
            CheckSlices.RequireWhole(Twice, Quick || Sample > 0);
            return null;
        });

        foreach (ExportNotice gone in Version is null ? TaggedSlices.Gone(repository) : [])
        {
            WriteNotice(gone);
        }

        string[] first = [.. versions.Where(version => IsFirst(repository, version))];
        if (first.Length == 1 && Sample == 0)
        {
            CheckOne(repository, first[0]);
        }
        else if (first.Length > 0)
        {
            CheckSideBySide(repository, first);
        }
    }

    private protected override void ProcessSlice(HarvestRepository repository, SliceManifest slice)
    {
        // One check serves the whole pipeline: what several slices share is hashed and derived once.
        if (_checked != repository)
        {
            _check?.Dispose();
            WriteNotice(LocalSettingsInGit.Find(repository));
            _check = Quick ? CheckSlice.OpenQuick(repository, Context, Rehash, IncludeMedia) : CheckSlice.Open(repository, Context, IncludeMedia, Twice);
            _checked = repository;
        }

        AnnounceCheck(slice.Version);
        Take(repository, RunItem(_ => _check!.Run(slice, Quick)));
        WriteFaults(repository, slice);
    }

    private void AnnounceCheck(string version) => Announce(Quick || Sample > 0
        ? $"Checking slice {version} by hashing and comparing definitions."
        : $"Checking slice {version} by deriving it again from the archive.");

    /// <summary>A pipeline brings one slice at a time; each is answered before the next is looked at.</summary>
    private void CheckOne(HarvestRepository repository, string version)
    {
        if (Load(repository, version) is { } slice)
        {
            ProcessSlice(repository, slice);
        }
        else
        {
            _drifted = true;
        }
    }

    private void CheckSideBySide(HarvestRepository repository, string[] versions)
    {
        WriteNotice(LocalSettingsInGit.Find(repository));
        foreach (string version in versions)
        {
            AnnounceCheck(version);
        }

        foreach (CheckedSlice result in Stream(context => CheckSlices.Run(repository, versions, Quick || Sample > 0, context, Rehash, Sample, IncludeMedia, Twice)))
        {
            if (result.Error is not null)
            {
                WriteItemError(result.Error);
            }

            Take(repository, result.Report);
            if (result.Report is not null)
            {
                WriteFaults(repository, result.Slice!);
            }
        }
    }

    /// <summary>What keeps the definition of harvest.json from being compared, once for all slices.</summary>
    private void WriteFaults(HarvestRepository repository, SliceManifest slice)
    {
        foreach (HarvestException fault in RunItem(_ => CheckSlices.PresentFaults(repository, slice)) ?? [])
        {
            _drifted = true;
            if (_faults.Add($"{repository.Root}\n{fault.Message}"))
            {
                WriteItemError(fault);
            }
        }
    }

    private void Take(HarvestRepository repository, DriftReport? report)
    {
        _drifted |= report is null || report.Status == DriftStatus.Drifted;
        _unverifiable |= report?.Status == DriftStatus.Unverifiable;
        _verified |= report is { Status: not DriftStatus.Unverifiable };
        if (report is not null && !Quiet)
        {
            WriteOf(repository, report);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _check?.Dispose();
        }

        base.Dispose(disposing);
    }

    protected override void EndProcessing()
    {
        // One answer for all slices: an array of answers would be true in an 'if' whatever it holds.
        if (Quiet)
        {
            bool verifiedNone = _unverifiable && !_verified && !AllowUnverified;
            WriteObject(!_drifted && !verifiedNone);
        }
    }
}
