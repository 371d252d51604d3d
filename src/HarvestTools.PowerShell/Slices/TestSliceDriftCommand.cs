using System.Management.Automation;
using HarvestTools.Drift;
using HarvestTools.Manifests;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Workflows.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Derives slices again from the archive and says whether they are still what they recorded.</summary>
[Cmdlet(VerbsDiagnostic.Test, "SliceDrift")]
[OutputType(typeof(DriftReport), typeof(bool))]
public sealed class TestSliceDriftCommand : SliceCommand
{
    private CheckSlice? _check;
    private HarvestRepository? _checked;
    private bool _drifted;

    [Parameter]
    public SwitchParameter Quick { get; set; }

    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private protected override void ProcessSlice(HarvestRepository repository, SliceManifest slice)
    {
        if (!IsFirst(repository, slice))
        {
            return;
        }

        // One check serves the whole pipeline: what several slices share is hashed and derived once.
        if (_checked != repository)
        {
            _check = new CheckSlice(repository, Context);
            _checked = repository;
        }

        DriftReport? report = RunItem(_ => _check!.Run(slice, Quick));
        _drifted |= report is null || report.Status == DriftStatus.Drifted;
        if (report is not null && !Quiet)
        {
            WriteOf(repository, report);
        }
    }

    private protected override void SliceFailed() => _drifted = true;

    protected override void EndProcessing()
    {
        // One answer for all slices: an array of answers would be true in an 'if' whatever it holds.
        if (Quiet)
        {
            WriteObject(!_drifted);
        }
    }
}
