# Fails a build when a slice drifted; the same as check.sh for runners that have the module instead of the program.
$ErrorActionPreference = 'Stop'
Import-Module HarvestTools

# The slice under which each finding was explained: what several share is explained at the first of them and named at the others.
$explained = @{}
$reports = @(Test-SliceDrift)
foreach ($report in $reports) {
    "$($report.Version)  $($report.Status)"
    foreach ($finding in $report.Findings) {
        $what = $finding.Kind, $finding.Subject, $finding.Expected, $finding.Actual, $finding.Remedy -join "`n"
        $first = $explained[$what] ??= $report.Version
        if ($first -ne $report.Version) {
            "  $($finding.Kind): $($finding.Subject), as reported under $first."
            continue
        }

        "  $($finding.Kind): $($finding.Message)"
        "    $($finding.Remedy)"
        if ($finding.Bump) { "    For the change log: $($finding.Bump.ChangeLog)" }
    }
}

exit [int]($reports.Status -contains 'Drifted')
