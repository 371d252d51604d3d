#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule

    # What each cmdlet needs besides a repository. Hashing and comparing files needs none, and a new repository cannot be in another's settings.
    $arguments = @{
        'Add-Export' = @{ Path = 'e.json'; Project = 'a' }
        'Add-SliceTag' = @{ Version = 'v1' }
        'Compare-SliceModel' = @{ Metric = 'pck' }
        'Compare-Slice' = @{ Reference = 'v1'; Difference = 'v2' }
        'Export-SliceReport' = @{ Path = 'report.html' }
        'Find-SliceRegression' = @{ Metric = 'pck' }
        'New-Slice' = @{ Version = 'v9' }
        'Get-SliceParameter' = @{ Version = 'v1' }
        'Get-SliceSource' = @{ Version = 'v1' }
        'Get-SliceBlame' = @{ Version = 'v1'; Episode = 'e' }
        'Register-SliceModel' = @{ Version = 'v1'; Name = 'm' }
        'Get-ErasurePlan' = @{ Annotator = 1 }
        'New-ErasurePlan' = @{ Annotator = 1 }
        'Remove-ErasedExport' = @{ Annotator = 1 }
        'Test-Erasure' = @{ Annotator = 1 }
        'Remove-Slice' = @{ Version = 'v1' }
        'Rename-HarvestProject' = @{ Project = 'a'; NewName = 'b' }
        'Restore-Export' = @{ Export = '0123456789' }
        'Set-ProductionModel' = @{ Name = 'm'; Reason = 'it is better' }
        'Set-HarvestProject' = @{ Project = 'a'; Retired = $true }
        'Get-RetrainDecision' = @{ CorrectedEpisodes = 1; Corpus = 2 }
    }
    $commands = Get-Command -Module HarvestTools | Where-Object Name -NotIn 'Compare-Export', 'Get-ExportHash', 'Get-HarvestProgram', 'Revoke-HarvestProgram', 'Initialize-HarvestRepository' | ForEach-Object {
        @{ Name = $_.Name; Arguments = $arguments[$_.Name] ?? @{}; Class = $_.ImplementingType.FullName }
    }
}

BeforeAll {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule
    $broken = New-TestRepository "$TestDrive/broken" -Empty
    $null = New-TestExport "$broken/e.json"
    (Get-Content "$broken/harvest.json" -Raw).Replace('min_pixel_agreement', 'min_pixel_agrement') | Set-Content "$broken/harvest.json"
    $nowhere = New-Item -ItemType Directory "$TestDrive/nowhere"
    $null = New-TestExport "$nowhere/e.json"
}

Describe 'A repository at fault' {
    It 'ends <Name> with the fault of its settings' -ForEach $commands {
        Push-Location $broken
        try {
            { & $Name @Arguments } | Should -Throw -PassThru | ForEach-Object {
                $_.FullyQualifiedErrorId | Should -Match "^\w+,$([regex]::Escape($Class))$"
                $_.FullyQualifiedErrorId | Should -Not -Match 'Exception'
                "$_" | Should -Match 'min_pixel_agrement'
                $_.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
                $_.CategoryInfo.Category | Should -Be 'InvalidData'
            }
        } finally {
            Pop-Location
        }
    }

    It 'ends <Name> where there is none' -ForEach ($commands | Where-Object Name -NE 'Get-RetrainDecision') {
        Push-Location $nowhere
        try {
            { & $Name @Arguments } | Should -Throw -ErrorId "NotARepository,$Class" -PassThru | ForEach-Object {
                $_.CategoryInfo.Category | Should -Be 'ObjectNotFound'
                $_.ErrorDetails.RecommendedAction | Should -Match 'Initialize-HarvestRepository'
            }
        } finally {
            Pop-Location
        }
    }

    It 'is told for a drive that does not exist' {
        { Get-Slice -Repository NoSuchDrive:/ } | Should -Throw -ErrorId 'PathUnresolved,HarvestTools.PowerShell.GetSliceCommand'
    }
}

Describe 'An error' {
    It 'is shown with what to do' {
        $shown = { Get-Slice -Repository $nowhere } | Should -Throw -PassThru | Out-String
        $shown | Should -Match 'Recommendation'
        $shown | Should -Not -Match '\s+at HarvestTools\.'
    }

    It 'can be silenced, collected and made to stop' {
        $repository = New-TestRepository "$TestDrive/collected" -Empty
        $null = Get-Slice v1, v2 -Repository $repository -ErrorAction SilentlyContinue -ErrorVariable faults
        $faults.Count | Should -Be 2
        { Get-Slice v1, v2 -Repository $repository -ErrorAction Stop } | Should -Throw -ErrorId 'SliceNotFound,HarvestTools.PowerShell.GetSliceCommand'
    }
}
