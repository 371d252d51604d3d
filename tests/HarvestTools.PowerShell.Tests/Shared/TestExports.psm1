# What the test files share: the module under test, small exports, repositories.

$root = (Resolve-Path -LiteralPath "$PSScriptRoot/../../..").ProviderPath

function Get-ProjectRoot {
    $root
}

function Import-TestedModule {
    Import-Module -Name "$root/HarvestTools.psd1" -Force -Global
}

<# .SYNOPSIS Makes an export with one keypoint a task, in the form of Label Studio's export button. #>
function New-TestExport {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $Path,
        [int] $Tasks = 3,
        [int] $FirstTask = 1,
        # Moves every point by so many percent: other labels.
        [double] $Shift = 0,
        # Label Studio's; exports whose file is named a1.json and the like are of another project than all others.
        [int] $ProjectId = ((Split-Path -Leaf $Path) -match '^a\d' ? 7 : 8),
        # The day of May on which the labels end; 0 for exports without dates.
        [int] $Day = 0,
        # Changes bytes that are no labels.
        [string] $Ago = '5 minutes',
        # Bytes of filling a task, for exports that take time to read.
        [int] $Filling = 0
    )
    $culture = [cultureinfo]::InvariantCulture
    $fill = 'x' * $Filling
    $template = '{"id":@ID,"data":{"task_subdir":"fold_towel","episode":"episode_@EP","frame":@ID,"image":"\/data\/episode_@EP\/@ID.jpg"},"project":@PROJECT,"meta":{"note":"@FILL"},"annotations":[{"id":@ID1,"completed_by":1,@DATE"was_cancelled":false,"ground_truth":false,"result":[{"id":"r@ID","from_name":"kp","to_name":"img","type":"keypointlabels","origin":"manual","original_width":640,"original_height":480,"image_rotation":0,"value":{"x":@X,"y":25.5,"width":0.4,"keypointlabels":["wrist"]}}]}],"drafts":[{"id":@ID2,"result":[],"created_ago":"@AGO"}],"predictions":[]}'
    $date = $Day ? "`"updated_at`":`"2026-05-$($Day.ToString('00', $culture))T12:00:00.000000Z`"," : ''
    $template = $template.Replace('@DATE', $date).Replace('@PROJECT', "$ProjectId").Replace('@FILL', $fill).Replace('@AGO', $Ago)
    $full = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
    $null = New-Item -ItemType Directory -Force -Path ([System.IO.Path]::GetDirectoryName($full))
    $writer = [System.IO.StreamWriter]::new($full)
    try {
        $writer.Write('[')
        for ($i = 0; $i -lt $Tasks; $i++) {
            $id = $FirstTask + $i
            if ($i -gt 0) { $writer.Write(',') }
            $writer.Write($template.Replace('@ID1', "$(1000000 + $id)").Replace('@ID2', "$(2000000 + $id)").Replace('@ID', "$id").Replace('@EP', ([Math]::Floor($id / 3)).ToString('0000', $culture)).Replace('@X', (10 + $Shift + $id % 50).ToString($culture)))
        }
        $writer.Write(']')
    } finally {
        $writer.Dispose()
    }
    Get-Item -LiteralPath $full
}

<# .SYNOPSIS A repository below TestDrive with two projects' exports archived; returns its folder. #>
function New-TestRepository {
    param([Parameter(Mandatory)] [string] $Path, [switch] $Empty)
    $folder = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
    $null = Initialize-HarvestRepository -Path $folder
    if (-not $Empty) {
        $null = New-TestExport "$folder/exports/a1.json" | Add-Export -Project a -Repository $folder
        $null = New-TestExport "$folder/exports/b1.json" -Tasks 4 -FirstTask 100 | Add-Export -Project b -Repository $folder
    }
    $folder
}

<# .SYNOPSIS Runs a script and returns its error records with what it emitted: Output, Errors. #>
function Invoke-Recorded {
    param([Parameter(Mandatory)] [scriptblock] $Script)
    $emitted = @(& $Script 2>&1)
    [pscustomobject]@{
        Output = @($emitted | Where-Object { $_ -isnot [System.Management.Automation.ErrorRecord] })
        Errors = @($emitted | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] })
    }
}

<# .SYNOPSIS Every file below a folder with its hash: what changed, changed this text. #>
function Get-FolderState {
    param([Parameter(Mandatory)] [string] $Path)
    (Get-ChildItem -LiteralPath $Path -Recurse -File -Force | Sort-Object FullName | ForEach-Object {
        "$($_.FullName) $((Get-FileHash -LiteralPath $_.FullName).Hash)"
    }) -join "`n"
}

Export-ModuleMember -Function *
