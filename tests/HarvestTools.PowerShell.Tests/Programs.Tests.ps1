#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule

    # What each cmdlet needs to get as far as it can in a repository with the slice v1 of a program.
    $arguments = @{
        'Add-Export' = @{ Path = 'exports/a1.json'; Project = 'a' }
        'Add-SliceTag' = @{ Version = 'v1' }
        'Approve-HarvestProgram' = @{ WhatIf = $true }
        'Compare-Export' = @{ Reference = 'exports/a1.json'; Difference = 'exports/b1.json' }
        'Compare-Slice' = @{ Reference = 'v1'; Difference = 'v1'; Row = $true }
        'Compare-SliceModel' = @{ Metric = 'pck' }
        'Export-SliceReport' = @{ Path = 'report.html' }
        'Find-SliceRegression' = @{ Metric = 'pck' }
        'Get-ErasurePlan' = @{ Annotator = 1 }
        'Get-ExportHash' = @{ Path = 'exports/a1.json' }
        'Get-SliceBlame' = @{ Version = 'v1'; Episode = 'e' }
        'Get-SliceParameter' = @{ Version = 'v1' }
        'Get-SliceSource' = @{ Version = 'v1'; Row = $true }
        'Import-DvcStage' = @{ Path = 'pipeline'; Force = $true }
        'Initialize-HarvestRepository' = @{ Path = 'other' }
        'Lock-EvalSet' = @{ Path = 'harvest.json' }
        'New-ErasurePlan' = @{ Annotator = 1 }
        'New-Slice' = @{ Version = 'v2' }
        'Register-SliceModel' = @{ Version = 'v1'; Name = 'm' }
        'Remove-ErasedExport' = @{ Annotator = 1; Confirm = $false }
        'Remove-Slice' = @{ Version = 'v1'; Confirm = $false }
        'Remove-UnreachableObject' = @{ Confirm = $false }
        'Rename-HarvestProject' = @{ Project = 'a'; NewName = 'c' }
        'Restore-Export' = @{ Export = 'b'; Force = $true }
        'Revoke-HarvestProgram' = @{ Sha256 = '0123456789ab' }
        'Set-HarvestProject' = @{ Project = 'b'; Retired = $true }
        'Set-ProductionModel' = @{ Name = 'm'; Reason = 'it is better'; Confirm = $false }
        'Test-Erasure' = @{ Annotator = 1 }
        'Test-SliceDrift' = @{ Version = 'v1' }
    }

    # What removes the slice comes last.
    $cmdlets = Get-Command -Module HarvestTools | Sort-Object { $_.Name -eq 'Remove-Slice' }, Name | ForEach-Object { @{ Name = $_.Name; Arguments = $arguments[$_.Name] ?? @{} } }
}

BeforeAll {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule
    $env:HARVEST_TRUST_FOLDER = "$TestDrive/trust"
    $trustAll, $env:HARVEST_TRUST_PROGRAMS = $env:HARVEST_TRUST_PROGRAMS, $null

    # A program that says that it ran, in what every system has and starts at once.
    function New-ProgramRepository($Name) {
        $folder = New-TestRepository "$TestDrive/$Name"
        $mark = (Join-Path (Get-Item $TestDrive).FullName "$Name.ran")
        if ($IsWindows) {
            Set-Content "$folder/harvest.cmd" "@echo yes> `"$mark`"`r`n@(echo a,b& echo 1,2)> `"%~1\rows.csv`""
            $run, $code = @('cmd', '/c', 'harvest.cmd', '{out}'), 'harvest.cmd'
        } else {
            Set-Content "$folder/harvest.sh" "echo yes > '$mark'`nprintf 'a,b\n1,2\n' > `"`$1/rows.csv`""
            $run, $code = @('sh', 'harvest.sh', '{out}'), 'harvest.sh'
        }

        $settings = Get-Content "$folder/harvest.json" -Raw | ConvertFrom-Json -AsHashtable
        $settings.harvest = @{ name = 'own'; version = 'v1.0.0'; kind = 'program'; code = @($code); tables = @('*.csv'); run = $run }
        $settings | ConvertTo-Json -Depth 9 | Set-Content "$folder/harvest.json"
        $folder
    }
}

AfterAll { $env:HARVEST_TRUST_FOLDER, $env:HARVEST_TRUST_PROGRAMS = $null, $trustAll }

Describe 'A program that is trusted' {
    It 'is trusted, makes slices, is listed and revoked' {
        $folder = New-ProgramRepository trusted
        Push-Location $folder
        try {
            { New-Slice v1 -ErrorAction Stop } | Should -Throw -ErrorId 'ProgramUntrusted,*'
            "$TestDrive/trusted.ran" | Should -Not -Exist
            Approve-HarvestProgram -WhatIf
            Get-HarvestProgram | Should -BeNullOrEmpty
            $approved = Approve-HarvestProgram
            (New-Slice v1).Version | Should -Be v1
            "$TestDrive/trusted.ran" | Should -Exist
            (Test-SliceDrift v1).Status | Should -Be Clean
            (Get-HarvestProgram).Sha256 | Should -Be $approved.Sha256
            Get-HarvestProgram | Revoke-HarvestProgram
            Get-HarvestProgram | Should -BeNullOrEmpty
        } finally {
            Pop-Location
        }
    }
}

Describe 'A program that a pipeline runs anyway' {
    It 'is run by the cmdlets with -TrustProgram alone, and is not trusted afterwards' {
        $folder = New-ProgramRepository pipeline
        Push-Location $folder
        try {
            (New-Slice v1 -TrustProgram).Version | Should -Be v1
            (Test-SliceDrift v1 -TrustProgram).Status | Should -Be Clean
            Remove-Item .harvest/cache -Recurse -Force
            (Build-Slice v1 -TrustProgram).Table | Should -Be rows
            Get-HarvestProgram | Should -BeNullOrEmpty
            Remove-Item .harvest/cache, "$TestDrive/pipeline.ran" -Recurse -Force
            { Build-Slice v1 -ErrorAction Stop } | Should -Throw -ErrorId 'ProgramUntrusted,*'
            "$TestDrive/pipeline.ran" | Should -Not -Exist
        } finally {
            Pop-Location
        }
    }
}

Describe 'A program that is not trusted' {
    BeforeAll {
        $folder = New-ProgramRepository untrusted
        Push-Location $folder
        $null = Approve-HarvestProgram
        $null = New-Slice v1
        Get-HarvestProgram | Revoke-HarvestProgram
        Pop-Location
        "$TestDrive/untrusted.ran" | Should -Exist

        $null = New-Item "$folder/pipeline" -ItemType Directory
        Set-Content "$folder/pipeline/dvc.yaml" 'stages: { rows: { cmd: sh ../harvest.sh, deps: [../exports/a1.json], outs: [rows.csv] } }'

        # As in a clone: nothing is cached.
        Remove-Item "$TestDrive/untrusted.ran", "$folder/.harvest/cache" -Recurse -Force
    }

    It 'is started by no <Name>' -ForEach $cmdlets {
        Push-Location $folder
        try {
            $null = Invoke-Recorded { & $Name @Arguments -ErrorAction Continue }
        } catch {
            # What ends a cmdlet is no matter here.
            $_.FullyQualifiedErrorId | Should -Not -Match 'Exception'
        } finally {
            Pop-Location
        }

        "$TestDrive/untrusted.ran" | Should -Not -Exist
    }
}
