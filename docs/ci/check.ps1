# Fails a build when a slice drifted; the same as check.sh for runners that have the module instead of the program.
$ErrorActionPreference = 'Stop'
Import-Module HarvestTools

$reports = @(Test-SliceDrift)
foreach ($report in $reports) {
    "$($report.Version)  $($report.Status)"
    foreach ($finding in $report.Findings) {
        "  $($finding.Kind): $($finding.Message)"
        "    $($finding.Remedy)"
        if ($finding.Bump) { "    For the change log: $($finding.Bump.ChangeLog)" }
    }
}

exit [int]($reports.Status -contains 'Drifted')
