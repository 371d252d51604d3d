# Fails a build when a slice drifted; the same as check.sh for runners that have the module instead of the program.
param(
    # What is printed is added to this file as Markdown, whatever step fails.
    [string] $Summary = $env:GITHUB_STEP_SUMMARY
)

$ErrorActionPreference = 'Stop'
$printed = [System.Collections.Generic.List[string]]::new()

# The slice under which each finding was explained: what several share is explained at the first of them and named at the others.
$explained = @{}

function Get-ReportText([object[]] $Report) {
    foreach ($one in $Report) {
        "$($one.Version)  $($one.Status)"
        foreach ($finding in $one.Findings) {
            $what = $finding.Kind, $finding.Subject, $finding.Expected, $finding.Actual, $finding.Remedy -join "`n"
            $first = $explained[$what] ??= $finding.ReportedUnder ? $finding.ReportedUnder : $one.Version
            if ($first -ne $one.Version) {
                "  $($finding.Kind): $($finding.Subject), as reported under $first."
                continue
            }

            "  $($finding.Kind): $($finding.Message)"
            "    $($finding.Remedy)"
            if ($finding.Bump) { "    For the change log: $($finding.Bump.ChangeLog)" }
        }
    }
}

$drifted = $false
try {
    Import-Module HarvestTools

    # Definitions and hashes take seconds; only where they are fine is everything derived again.
    foreach ($quick in $true, $false) {
        $title = $quick ? 'Definitions and hashes' : 'Everything, derived again'
        $printed.Add("### $title`n`n``````text")
        $explained.Clear()
        $reports = @(Test-SliceDrift -Quick:$quick)
        Get-ReportText $reports | ForEach-Object { $printed.Add($_); $_ }
        $printed.Add("```````n")
        $drifted = $reports.Status -contains 'Drifted'
        if ($drifted) { break }
    }
} catch {
    $printed.Add("$_`n$($_.ErrorDetails.RecommendedAction)`n```````n")
    throw
} finally {
    if ($Summary) { Add-Content -LiteralPath $Summary -Value $printed -Encoding utf8NoBOM }
}

exit [int] $drifted
